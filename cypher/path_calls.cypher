// name: path_calls
// parameters: keys, both
// Give the calls from each number of a path to the next and, if both, back; step by step, as one list.
UNWIND range(0, size($keys) - 2) AS i
MATCH (a:Number {key: $keys[i]})
USING INDEX a:Number(key)
MATCH (b:Number {key: $keys[i + 1]})
USING INDEX b:Number(key)
MATCH (a)-[r:CALLED]-(b)
WHERE $both OR startNode(r) = a
WITH i, r, startNode(r) = a AS along
ORDER BY i, along DESC
RETURN collect([startNode(r).key, endNode(r).key, r.calls, r.answered, r.talk_ms, r.night_calls,
                r.first_seen, r.last_seen])
