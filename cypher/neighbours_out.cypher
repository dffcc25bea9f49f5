// name: neighbours_out
// parameters: key, limit
// Give the pairs in which a number is the caller, the heaviest first, as one list.
MATCH (n:Number {key: $key})-[r:CALLED]->(other)
USING INDEX n:Number(key)
WITH r, other.key AS other
ORDER BY r.calls DESC, other
LIMIT $limit
RETURN collect([startNode(r).key, endNode(r).key, r.calls, r.answered, r.talk_ms, r.night_calls,
                r.first_seen, r.last_seen])
