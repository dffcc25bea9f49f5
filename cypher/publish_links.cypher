// name: publish_links
// parameters: a, b, campaign, reason, weight, shared, v
// Write the reasons that tie members of a campaign; parameters are columns of a batch. Give no row when overtaken.
MATCH (meta:Meta {id: 'ringfence', v: $v, state: 'publishing'})
CALL () {
  UNWIND range(0, size($a) - 1) AS i
  MATCH (a:Number {key: $a[i]})
  USING INDEX a:Number(key)
  MATCH (b:Number {key: $b[i]})
  USING INDEX b:Number(key)
  MERGE (a)-[l:LINKED {campaign: $campaign[i], reason: $reason[i]}]->(b)
  SET l.weight = $weight[i], l.shared = $shared[i], l.v = $v
}
RETURN meta.v
