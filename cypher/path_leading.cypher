// name: path_leading
// parameters: frontier, goals, both
// List the numbers of the frontier that are one call from a goal: calling it, or in either direction.
MATCH (n:Number)-[r:CALLED]-(other)
USING INDEX n:Number(key)
WHERE n.key IN $frontier AND ($both OR startNode(r) = n) AND other.key IN $goals
RETURN collect(DISTINCT n.key)
