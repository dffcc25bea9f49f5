"""What the lake holds and where it came from: the ledger database and what is kept in it."""
