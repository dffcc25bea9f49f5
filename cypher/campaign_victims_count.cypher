// name: campaign_victims_count
// parameters: campaign, without
// Count a campaign's victims who are not its members.
MATCH (c:Campaign {id: $campaign})-[:TARGETS]->(n:Number)
USING INDEX c:Campaign(id)
WHERE NOT (n)-[:MEMBER_OF]->(c) AND NOT n.key IN $without
RETURN count(n)
