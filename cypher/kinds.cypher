// name: kinds
// parameters: key, without, min_calls, answered, reasons, min_risk, verdicts, line_types, countries
// Count the neighbours of a number and the wanted ones: callees, callers, and links by reason.
MATCH (n:Number {key: $key})
USING INDEX n:Number(key)
CALL (n) {
  MATCH (n)-[r:CALLED]->(other)
  RETURN 'out' AS kind, r, other
  UNION ALL
  MATCH (n)<-[r:CALLED]-(other)
  RETURN 'in' AS kind, r, other
  UNION ALL
  MATCH (n)-[r:LINKED]-(other)
  RETURN 'link' AS kind, r, other
}
WITH kind, r, other
WHERE NOT other.key IN $without
WITH kind, r.reason AS reason, other.risk >= $min_risk AND ($verdicts IS NULL OR other.verdict IN $verdicts)
  AND ($line_types IS NULL OR other.line_type IN $line_types) AND ($countries IS NULL OR other.country IN $countries)
  AND CASE kind WHEN 'link' THEN $reasons IS NULL OR r.reason IN $reasons
      ELSE r.calls >= $min_calls AND (NOT $answered OR r.answered > 0) END AS fits
RETURN kind, reason, count(*) AS total, count(CASE WHEN fits THEN 1 END) AS wanted
