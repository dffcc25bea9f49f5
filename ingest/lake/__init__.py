"""Calls at rest: segments, keys, pair days, their checksums, compaction, retention and quarantine."""
