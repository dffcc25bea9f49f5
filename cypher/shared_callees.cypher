// name: shared_callees
// parameters: keys, at_least, without, limit
// Count the numbers that several of some callers called, and list the most shared.
MATCH (n:Number)-[r:CALLED]->(other)
USING INDEX n:Number(key)
WHERE n.key IN $keys
WITH other, count(r) AS callers, sum(r.calls) AS calls
WHERE callers >= $at_least
WITH other.key AS key, callers, calls
WHERE NOT key IN $without
ORDER BY callers DESC, calls DESC, key
WITH collect([key, callers, calls]) AS ordered
RETURN size(ordered), ordered[..$limit]
