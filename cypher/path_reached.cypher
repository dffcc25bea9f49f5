// name: path_reached
// parameters: frontier, both, out, without
// List the numbers that the frontier calls (out), is called by (not out), or both.
MATCH (n:Number)-[r:CALLED]-(other)
USING INDEX n:Number(key)
WHERE n.key IN $frontier AND ($both OR (startNode(r) = n) = $out)
WITH DISTINCT other
WITH other.key AS key
WHERE NOT key IN $without
RETURN collect(key)
