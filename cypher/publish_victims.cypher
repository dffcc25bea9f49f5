// name: publish_victims
// parameters: key, campaign, callers, calls, v
// Write whom the members of a campaign called; parameters are columns of a batch. Give no row when overtaken.
MATCH (meta:Meta {id: 'ringfence', v: $v, state: 'publishing'})
CALL () {
  UNWIND range(0, size($key) - 1) AS i
  MATCH (n:Number {key: $key[i]})
  USING INDEX n:Number(key)
  MATCH (c:Campaign {id: $campaign[i]})
  USING INDEX c:Campaign(id)
  MERGE (c)-[t:TARGETS]->(n)
  SET t.callers = $callers[i], t.calls = $calls[i], t.v = $v
}
RETURN meta.v
