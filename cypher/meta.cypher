// name: meta
// parameters: none
// Give what is published and whether it may be read now.
MATCH (m:Meta {id: 'ringfence'})
RETURN m.state, m.v, m.version, m.snapshot, m.as_of, m.numbers, m.edges, m.calls
