// name: campaign_victims_count
// parameters: campaign
// Count a campaign's victims who are not its members.
MATCH (c:Campaign {id: $campaign})-[:TARGETS]->(n:Number)
USING INDEX c:Campaign(id)
WHERE NOT (n)-[:MEMBER_OF]->(c)
RETURN count(n)
