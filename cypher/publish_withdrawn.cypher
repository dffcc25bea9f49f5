// name: publish_withdrawn
// parameters: v
// Say that nothing is shown any more, unless a publish has begun since; the mark stays, so that the next one differs.
MATCH (m:Meta {id: 'ringfence', v: $v, state: 'publishing'})
SET m = {id: 'ringfence', v: $v, state: 'withdrawn'}
RETURN count(m)
