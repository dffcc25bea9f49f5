// name: remove_numbers
// parameters: key, v
// Remove numbers that left the window. Give no row when overtaken.
MATCH (meta:Meta {id: 'ringfence', v: $v, state: 'publishing'})
CALL () {
  UNWIND range(0, size($key) - 1) AS i
  MATCH (n:Number {key: $key[i]})
  USING INDEX n:Number(key)
  DETACH DELETE n
}
RETURN meta.v
