// name: reached_count
// parameters: expanded, known
// Count the numbers that exchange calls with the expanded ones and are not known.
MATCH (n:Number)-[:CALLED]-(other)
USING INDEX n:Number(key)
WHERE n.key IN $expanded
WITH DISTINCT other
WHERE NOT other.key IN $known
RETURN count(other)
