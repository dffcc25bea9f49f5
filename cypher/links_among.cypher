// name: links_among
// parameters: kept, campaign, reasons, limit
// Count the links among kept numbers, of one campaign or (null) of all, of some reasons or all, and give the heaviest.
MATCH (a:Number)-[l:LINKED]->(b)
USING INDEX a:Number(key)
WHERE a.key IN $kept AND b.key IN $kept AND ($campaign IS NULL OR l.campaign = $campaign)
  AND ($reasons IS NULL OR l.reason IN $reasons)
WITH l, a.key AS from, b.key AS to
ORDER BY l.weight DESC, from, to, l.reason, l.shared
WITH collect([from, to, l.reason, l.weight, l.shared]) AS ordered
RETURN size(ordered), ordered[..$limit]
