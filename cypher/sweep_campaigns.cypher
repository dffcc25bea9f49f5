// name: sweep_campaigns
// parameters: v, limit
// Remove some campaigns that another publish wrote, and tell how many. Give no row when overtaken.
MATCH (m:Meta {id: 'ringfence', v: $v, state: 'publishing'})
CALL () {
  MATCH (x:Campaign)
  WHERE x.v IS NULL OR x.v <> $v
  WITH x
  LIMIT $limit
  DETACH DELETE x
  RETURN count(*) AS gone
}
RETURN gone
