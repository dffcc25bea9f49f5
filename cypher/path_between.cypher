// name: path_between
// parameters: near, far, both
// List who of the near calls, or is in touch with, whom of the far, and how often: each pair by its end with fewer calls.
MATCH (n:Number)
USING INDEX n:Number(key)
WHERE n.key IN $near
WITH collect(n) AS near
MATCH (m:Number)
USING INDEX m:Number(key)
WHERE m.key IN $far
WITH near, collect(m) AS far
UNWIND near AS n
UNWIND far AS m
MATCH (n)-[r:CALLED]-(m)
WHERE $both OR startNode(r) = n
RETURN n.key, m.key, sum(r.calls)
