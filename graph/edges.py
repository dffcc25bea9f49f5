"""Aggregated edges: one row an ordered pair of different numbers, never one a call."""

from __future__ import annotations

import pyarrow as pa

from graph.calls import CallTables
from graph.query_engine import QueryEngine
from graph.snapshot import EDGES


def edge_table(engine: QueryEngine, tables: CallTables) -> pa.Table:
    """Give EDGES, sorted by (caller, callee); a number's calls to itself are no edge."""
    pairs = tables.pairs.select(*EDGES.names).order_by("caller", "callee")
    return engine.fetch(pairs).cast(EDGES)
