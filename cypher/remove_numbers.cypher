// name: remove_numbers
// parameters: key
// Remove numbers that left the window.
UNWIND range(0, size($key) - 1) AS i
MATCH (n:Number {key: $key[i]})
USING INDEX n:Number(key)
DETACH DELETE n
