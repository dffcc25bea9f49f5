// name: schema_campaign_id
// parameters: none
// Make the id of a campaign unique.
CREATE CONSTRAINT ringfence_campaign_id IF NOT EXISTS FOR (c:Campaign) REQUIRE c.id IS UNIQUE
