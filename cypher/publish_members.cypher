// name: publish_members
// parameters: key, campaign, role, risk, since, v
// Write who belongs to a campaign; parameters are columns of a batch. Give no row when overtaken.
MATCH (meta:Meta {id: 'ringfence', v: $v, state: 'publishing'})
CALL () {
  UNWIND range(0, size($key) - 1) AS i
  MATCH (n:Number {key: $key[i]})
  USING INDEX n:Number(key)
  MATCH (c:Campaign {id: $campaign[i]})
  USING INDEX c:Campaign(id)
  MERGE (n)-[m:MEMBER_OF]->(c)
  SET m.role = $role[i], m.risk = $risk[i], m.since = $since[i], m.v = $v
}
RETURN meta.v
