// name: path_step
// parameters: key, among, both
// Give that of some numbers with most calls from one number, or with most calls in both directions; ties by key.
MATCH (other:Number)
USING INDEX other:Number(key)
WHERE other.key IN $among
WITH collect(other) AS others
MATCH (n:Number {key: $key})
USING INDEX n:Number(key)
UNWIND others AS other
MATCH (n)-[r:CALLED]-(other)
WHERE $both OR startNode(r) = n
WITH other.key AS key, sum(r.calls) AS calls
ORDER BY calls DESC, key
LIMIT 1
RETURN key
