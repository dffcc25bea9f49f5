// name: publish_start
// parameters: target, base
// Say that a run is being written, over the run `base` (null: over anything), and give the mark of this publish.
MERGE (m:Meta {id: 'ringfence'})
SET m.state = 'publishing', m.v = coalesce(m.v, 0) + 1, m.target = $target, m.base = $base
RETURN m.v
