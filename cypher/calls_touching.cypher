// name: calls_touching
// parameters: members, kept, limit
// Count the calls between members and kept numbers in either direction, and list the heaviest.
MATCH (n:Number)
USING INDEX n:Number(key)
WHERE n.key IN $kept
WITH collect(n) AS kept
UNWIND kept AS a
WITH a, kept
WHERE a.key IN $members
MATCH (a)-[r:CALLED]-(b)
WHERE b IN kept
WITH DISTINCT r
WITH r, startNode(r).key AS caller, endNode(r).key AS callee
ORDER BY r.calls DESC, caller, callee
WITH collect(r) AS ordered
RETURN size(ordered),
       [r IN ordered[..$limit] | [startNode(r).key, endNode(r).key, r.calls, r.answered, r.talk_ms, r.night_calls,
                                  r.first_seen, r.last_seen]]
