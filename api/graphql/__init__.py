"""GraphQL: the schema, its resolvers and the gate before them."""
