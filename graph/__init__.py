"""One window of the lake becomes a call graph."""
