// name: schema_meta_id
// parameters: none
// Make sure that there is one record of what is published.
CREATE CONSTRAINT ringfence_meta_id IF NOT EXISTS FOR (m:Meta) REQUIRE m.id IS UNIQUE
