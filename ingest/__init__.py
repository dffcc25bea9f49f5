"""Call detail records become the lake.

A file's way, read in this order: `run` (what a command does) → `deliveries` (files, archives, standard input) →
`formats` and `records` (bytes to rows) → `mapping` and `canonical` (an operator's fields to canonical columns, `cdr`) →
`validate` with `values` (numbers, times, lengths) and `call_key` → `pairing` (two records of one call) → `lake`
(segments, keys) and `ledger` (what is in) → `dead` (what is not). `batch` and `reading` hold these together.

Beside it: `sources` and `live` (calls that arrive one by one), `erasing` and `erased` (numbers that must go),
`guessing` (a mapping from a sample), `simulator` (worlds with their truth), `migrations`.
"""
