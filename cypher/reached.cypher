// name: reached
// parameters: frontier, kept, calls, reasons, limit
// List the numbers that calls or links of some reasons tie to the frontier and that are not kept yet, heaviest first.
MATCH (n:Number)-[r:CALLED|LINKED]-(other)
USING INDEX n:Number(key)
WHERE n.key IN $frontier AND (type(r) = 'CALLED' AND $calls OR r.reason IN $reasons)
WITH other, sum(coalesce(r.calls, 1)) AS weight
WHERE NOT other.key IN $kept
WITH other.key AS key, weight
ORDER BY weight DESC, key
LIMIT $limit
RETURN collect(key)
