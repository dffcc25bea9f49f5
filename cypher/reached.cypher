// name: reached
// parameters: frontier, kept, limit
// List the numbers that exchange calls with the frontier and are not kept yet, the heaviest first.
MATCH (n:Number)-[r:CALLED]-(other)
USING INDEX n:Number(key)
WHERE n.key IN $frontier
WITH other, sum(r.calls) AS weight
WHERE NOT other.key IN $kept
WITH other.key AS key, weight
ORDER BY weight DESC, key
LIMIT $limit
RETURN collect(key)
