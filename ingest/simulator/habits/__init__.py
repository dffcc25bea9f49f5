"""Ways of working that several rings or trades share; they may not import one another."""
