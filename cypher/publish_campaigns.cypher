// name: publish_campaigns
// parameters: id, name, fraud_type, status, risk, members, victims, affected, density, velocity, first_seen, last_seen, v
// Write campaigns by columns of a batch. Give no row when overtaken.
MATCH (meta:Meta {id: 'ringfence', v: $v, state: 'publishing'})
CALL () {
  UNWIND range(0, size($id) - 1) AS i
  MERGE (c:Campaign {id: $id[i]})
  SET c.name = $name[i], c.fraud_type = $fraud_type[i], c.status = $status[i], c.risk = $risk[i],
      c.members = $members[i], c.victims = $victims[i], c.affected = $affected[i], c.density = $density[i],
      c.velocity = $velocity[i], c.first_seen = $first_seen[i], c.last_seen = $last_seen[i], c.v = $v
}
RETURN meta.v
