// name: neighbours_out
// parameters: key, limit, order, without, min_calls, answered, min_risk, verdicts, line_types, countries
// Give the wanted pairs in which a number is the caller, the first by weight, risk or last call, as one list.
MATCH (n:Number {key: $key})-[r:CALLED]->(other)
USING INDEX n:Number(key)
WHERE NOT other.key IN $without AND other.risk >= $min_risk AND ($verdicts IS NULL OR other.verdict IN $verdicts)
  AND ($line_types IS NULL OR other.line_type IN $line_types) AND ($countries IS NULL OR other.country IN $countries)
  AND r.calls >= $min_calls AND (NOT $answered OR r.answered > 0)
WITH r, other.key AS other,
     CASE $order WHEN 'risk' THEN other.risk WHEN 'last_seen' THEN r.last_seen ELSE r.calls END AS value
ORDER BY value DESC, other
LIMIT $limit
RETURN collect([startNode(r).key, endNode(r).key, r.calls, r.answered, r.talk_ms, r.night_calls,
                r.first_seen, r.last_seen])
