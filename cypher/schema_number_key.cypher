// name: schema_number_key
// parameters: none
// Make the key of a number unique, so that it is found and never doubled.
CREATE CONSTRAINT ringfence_number_key IF NOT EXISTS FOR (n:Number) REQUIRE n.key IS UNIQUE
