// name: publish_start
// parameters: none
// Say that the graph is being written, and give the mark of what this publish writes.
MERGE (m:Meta {id: 'ringfence'})
SET m.state = 'publishing', m.v = coalesce(m.v, 0) + 1
RETURN m.v
