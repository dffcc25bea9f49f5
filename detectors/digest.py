"""The logical digest of what a home's runs found: no run ids, no clock times, so that two homes can be compared."""

from __future__ import annotations

import hashlib

import pyarrow as pa

from detectors.results import TABLES, Results
from detectors.work import WRITTEN_BY_RUNS, logical_rows
from ingest.home import Home

_NOT_LOGICAL = ("run_id", "created_at", "known_at")


def results_digest(home: Home, run_id: str) -> str:
    """Give the SHA-256 of the tables of one run and of all rows that runs added to the work database of `home`."""
    results = Results.open(home, run_id)
    digest = hashlib.sha256(results.snapshot.encode())
    for name in TABLES:
        digest.update(table_digest(results.table(name)).encode())
    for table in WRITTEN_BY_RUNS:
        digest.update(repr(logical_rows(home, table, _NOT_LOGICAL)).encode())
    return digest.hexdigest()


def table_digest(table: pa.Table) -> str:
    """Give the SHA-256 of a table's names, types and values; how it is cut into chunks does not count."""
    sink = pa.BufferOutputStream()
    whole = table.combine_chunks()
    with pa.ipc.new_stream(sink, whole.schema) as writer:
        for batch in whole.to_batches(max_chunksize=1 << 20):
            writer.write_batch(batch)
    return hashlib.sha256(memoryview(sink.getvalue())).hexdigest()
