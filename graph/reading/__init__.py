"""The window's records on whole numbers: every text is looked up once, everything after works on integers."""
