// name: path_hops
// parameters: a, b, without
// Count the hops of a shortest path between two numbers over calls in either direction, 6 at most.
MATCH (a:Number {key: $a})
USING INDEX a:Number(key)
MATCH (b:Number {key: $b})
USING INDEX b:Number(key)
MATCH p = shortestPath((a)-[:CALLED*..6]-(b))
WHERE none(n IN nodes(p) WHERE n.key IN $without)
RETURN length(p)
