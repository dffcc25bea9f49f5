// name: sweep_members
// parameters: v, limit
// Remove some memberships that another publish wrote, and tell how many. Give no row when overtaken.
MATCH (m:Meta {id: 'ringfence', v: $v, state: 'publishing'})
CALL () {
  MATCH ()-[x:MEMBER_OF]->()
  WHERE x.v IS NULL OR x.v <> $v
  WITH x
  LIMIT $limit
  DELETE x
  RETURN count(*) AS gone
}
RETURN gone
