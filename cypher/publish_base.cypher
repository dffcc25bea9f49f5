// name: publish_base
// parameters: none
// Give what is published, and by an unfinished publish: which run it was to show, and over which it was written.
MATCH (m:Meta {id: 'ringfence'})
RETURN m.state, m.version, m.snapshot, m.target, m.base
