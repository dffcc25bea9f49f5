// name: campaign_victims
// parameters: campaign, without, limit
// List the keys of a campaign's victims who are not its members, the most shared first.
MATCH (c:Campaign {id: $campaign})-[t:TARGETS]->(n:Number)
USING INDEX c:Campaign(id)
WHERE NOT (n)-[:MEMBER_OF]->(c) AND NOT n.key IN $without
WITH n.key AS key, t
ORDER BY t.callers DESC, t.calls DESC, key
LIMIT $limit
RETURN collect(key)
