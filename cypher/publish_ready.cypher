// name: publish_ready
// parameters: v, meta
// Say that the graph may be read, unless another publish has begun since.
MATCH (m:Meta {id: 'ringfence', v: $v})
SET m += $meta, m.state = 'ready', m.target = null, m.base = null
RETURN count(m)
