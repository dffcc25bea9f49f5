"""Aggregated edges: one row an ordered pair of different numbers, never one a call."""

from __future__ import annotations

import pyarrow as pa

from graph.pair_arrays import PairArrays
from graph.snapshot import EDGES


def edge_table(pairs: PairArrays) -> pa.Table:
    """Give EDGES, sorted by (caller, callee), on the memory of `pairs`; a number's calls to itself are no edge."""
    return pa.table({name: getattr(pairs, name) for name in EDGES.names}, EDGES)
