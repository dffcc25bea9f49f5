// name: publish_numbers
// parameters: key, operator, number, kind, country, line_type, carrier, first_seen, last_seen, out_calls, in_calls, callees, callers, risk, verdict, role, fraud_type, campaign, v
// Write numbers with their traffic and scores; parameters are columns of a batch. Give no row when overtaken.
MATCH (meta:Meta {id: 'ringfence', v: $v, state: 'publishing'})
CALL () {
  UNWIND range(0, size($key) - 1) AS i
  MERGE (n:Number {key: $key[i]})
  SET n.operator = $operator[i], n.number = $number[i], n.kind = $kind[i], n.country = $country[i],
      n.line_type = $line_type[i], n.carrier = $carrier[i], n.first_seen = $first_seen[i],
      n.last_seen = $last_seen[i], n.out_calls = $out_calls[i], n.in_calls = $in_calls[i],
      n.callees = $callees[i], n.callers = $callers[i], n.risk = $risk[i], n.verdict = $verdict[i],
      n.role = $role[i], n.fraud_type = $fraud_type[i], n.campaign = $campaign[i], n.v = $v
}
RETURN meta.v
