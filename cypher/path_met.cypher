// name: path_met
// parameters: near, far, both, without
// List the numbers that are one call from numbers at both ends of a path: called by the near, calling the far, or both.
CALL () {
  MATCH (n:Number)-[r:CALLED]-(other)
  USING INDEX n:Number(key)
  WHERE n.key IN $near AND ($both OR startNode(r) = n)
  RETURN collect(DISTINCT other) AS reached
}
MATCH (n:Number)-[r:CALLED]-(other)
USING INDEX n:Number(key)
WHERE n.key IN $far AND ($both OR endNode(r) = n) AND other IN reached
WITH DISTINCT other
WITH other.key AS key
WHERE NOT key IN $without
RETURN collect(key)
