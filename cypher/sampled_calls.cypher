// name: sampled_calls
// parameters: caller, callee, names
// Give the properties of these names of some pairs that were just published, in the order asked for.
UNWIND range(0, size($caller) - 1) AS i
MATCH (a:Number {key: $caller[i]})
USING INDEX a:Number(key)
MATCH (b:Number {key: $callee[i]})
USING INDEX b:Number(key)
MATCH (a)-[r:CALLED]->(b)
WITH i, r
ORDER BY i
RETURN [name IN $names | r[name]]
