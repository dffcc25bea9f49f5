// name: neighbours_link
// parameters: key, limit, order, without, reasons, min_risk, verdicts, line_types, countries
// Give the wanted links of a number, the first by weight, or by the other's risk or last call, as one list.
MATCH (n:Number {key: $key})-[l:LINKED]-(other)
USING INDEX n:Number(key)
WHERE NOT other.key IN $without AND other.risk >= $min_risk AND ($verdicts IS NULL OR other.verdict IN $verdicts)
  AND ($line_types IS NULL OR other.line_type IN $line_types) AND ($countries IS NULL OR other.country IN $countries)
  AND ($reasons IS NULL OR l.reason IN $reasons)
WITH l, other.key AS other,
     CASE $order WHEN 'risk' THEN other.risk WHEN 'last_seen' THEN other.last_seen ELSE l.weight END AS value
ORDER BY value DESC, other, l.reason, l.shared
LIMIT $limit
RETURN collect([startNode(l).key, endNode(l).key, l.reason, l.weight, l.shared])
