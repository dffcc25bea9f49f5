// name: campaign_members
// parameters: campaign
// List the keys of a campaign's members, the riskiest first.
MATCH (n:Number)-[m:MEMBER_OF]->(c:Campaign {id: $campaign})
USING INDEX c:Campaign(id)
WITH n.key AS key, m.risk AS risk
ORDER BY risk DESC, key
RETURN collect(key)
