// name: remove_calls
// parameters: caller, callee, v
// Remove pairs that left the window; parameters are columns of a batch. Give no row when overtaken.
MATCH (meta:Meta {id: 'ringfence', v: $v, state: 'publishing'})
CALL () {
  UNWIND range(0, size($caller) - 1) AS i
  MATCH (a:Number {key: $caller[i]})
  USING INDEX a:Number(key)
  MATCH (b:Number {key: $callee[i]})
  USING INDEX b:Number(key)
  MATCH (a)-[r:CALLED]->(b)
  DELETE r
}
RETURN meta.v
