// name: reached_count
// parameters: expanded, known, calls, reasons
// Count the numbers that calls or links of some reasons tie to the expanded ones and that are not known.
MATCH (n:Number)-[r:CALLED|LINKED]-(other)
USING INDEX n:Number(key)
WHERE n.key IN $expanded AND (type(r) = 'CALLED' AND $calls OR r.reason IN $reasons)
WITH DISTINCT other
WHERE NOT other.key IN $known
RETURN count(other)
