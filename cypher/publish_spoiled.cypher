// name: publish_spoiled
// parameters: v
// Say that what stands agrees with no run, so that the next publish writes everything.
MATCH (m:Meta {id: 'ringfence'})
WHERE m.v = $v
SET m.base = null
