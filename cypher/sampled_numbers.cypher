// name: sampled_numbers
// parameters: key, names
// Give the properties of these names of some numbers that were just published, in the order asked for.
UNWIND range(0, size($key) - 1) AS i
MATCH (n:Number {key: $key[i]})
USING INDEX n:Number(key)
WITH i, n
ORDER BY i
RETURN [name IN $names | n[name]]
