"""Steps from nodes to the nodes beside them, on compressed rows; each step has a bound on its work."""

from __future__ import annotations

import numpy as np

from graph.blocks import grown
from graph.snapshot import Adjacency, IntArray
from graph.sorted_rows import changes
from graph.store.port import TooWideError

MOST_WALKED = 20_000_000  # edges looked at in one step, about a second of work and half a gigabyte


def around(side: Adjacency, nodes: IntArray) -> tuple[IntArray, IntArray]:
    """Give the other ends and the edge rows of all edges of `nodes` on one side.

    Raises TooWideError beyond MOST_WALKED edges.
    """
    starts = side.indptr[nodes]
    counts = side.indptr[nodes + 1] - starts
    total = int(counts.sum())
    if total > MOST_WALKED:
        raise TooWideError(
            f"The question leads over {total:,} edges, at most {MOST_WALKED:,} at once; ask for fewer hops or nodes."
        )
    _, at = grown(starts, counts)
    return side.neighbours[at].astype(np.int64), side.edges[at]


def width(side: Adjacency, nodes: IntArray) -> int:
    """Count the edges of `nodes` on one side."""
    return int((side.indptr[nodes + 1] - side.indptr[nodes]).sum())


def adjacency(ends: IntArray, others: IntArray, rows: IntArray, count: int) -> Adjacency:
    """Give the compressed rows of edges from `ends` to `others`, of which `rows` are the edges; for `count` nodes."""
    order = np.argsort(ends, kind="stable")
    counts = np.bincount(ends, minlength=count)
    return Adjacency(np.concatenate(([0], np.cumsum(counts))), others[order].astype(np.int32), rows[order])


def sums_by_node(nodes: IntArray, values: IntArray) -> tuple[IntArray, IntArray]:
    """Give the distinct nodes, ascending, and the sum of the values of each."""
    order = np.argsort(nodes, kind="stable")
    ranked = nodes[order]
    starts = np.flatnonzero(changes(ranked))
    return ranked[starts], np.add.reduceat(values[order], starts) if len(starts) else starts


def either(one: IntArray, other: IntArray) -> IntArray:
    """Give what is in one of two ascending arrays, once and ascending; merging is far quicker than numpy's union."""
    both = np.concatenate((one, other))
    both.sort(kind="stable")  # merges what is in order
    return both[changes(both)]
