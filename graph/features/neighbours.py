"""How the others around a number are connected: array code on compressed rows."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from graph.blocks import cuts, grown
from graph.features.ratio import rounded_ratio
from graph.sorted_rows import changes, lower, packed, upper

Floats = npt.NDArray[np.float64]
Nodes = npt.NDArray[np.int32]
Integers = npt.NDArray[np.int64]
_AT_ONCE = 1 << 20  # edges whose ends are put in order together
_TABLE_BYTES = 64 << 20  # of rows of the adjacency that are laid out at a time
_MOST_STEPS = 1 << 22  # over two edges that are looked at together
_MOST_HELD = 1 << 21  # triangles that are held before they are counted


def columns(count: int, caller: Nodes, callee: Nodes, *, with_clustering: bool = True) -> dict[str, Floats]:
    """Give the group's features of `count` nodes from the distinct directed edges caller → callee, NaN = null.

    Clustering is by far the dearest of them and may be left out.
    """
    callees = np.bincount(caller, minlength=count)
    callers = np.bincount(callee, minlength=count)
    return {
        "callee_in_degree": _mean_over_callees(callers, caller, callee, callees),
        "callee_out_degree": _mean_over_callees(callees, caller, callee, callees),
        "silent_callee_share": _mean_over_callees((callees == 0).astype(np.int64), caller, callee, callees),
        **({"clustering": _clustering(count, caller, callee)} if with_clustering else {}),
    }


def _mean_over_callees(
    value: npt.NDArray[np.int64], caller: Nodes, callee: Nodes, callees: npt.NDArray[np.int64]
) -> Floats:
    amounts = value.astype(np.float64)[callee]
    totals = np.bincount(caller, weights=amounts, minlength=len(callees))  # whole numbers, exact in float64
    return rounded_ratio(totals, callees)


def _clustering(count: int, caller: Nodes, callee: Nodes) -> Floats:
    """Count each triangle once, at its edge between its two best connected corners (Latapy 2008, forward algorithm).

    One whole number an edge and one copy of all at most are held at a time.
    """
    edges = _undirected(caller, callee)
    contacts = np.bincount(upper(edges), minlength=count) + np.bincount(lower(edges), minlength=count)
    rank = np.empty(count, dtype=np.int32)
    rank[np.lexsort((np.arange(count), contacts))] = np.arange(count, dtype=np.int32)
    for some in _parts(len(edges)):
        edges[some] = _between(rank[upper(edges[some])], rank[lower(edges[some])])
    edges.sort()
    indptr = np.concatenate(([0], np.cumsum(np.bincount(upper(edges), minlength=count))))
    high = lower(edges)
    del edges
    triangles = _triangles(count, indptr, high)[rank]
    return rounded_ratio(2 * triangles, contacts * (contacts - 1))


def _undirected(caller: Nodes, callee: Nodes) -> Integers:
    """Give lower and higher end of every edge as one number, whichever way it goes, each once and sorted."""
    edges = np.empty(len(caller), dtype=np.int64)
    for some in _parts(len(edges)):
        edges[some] = _between(caller[some], callee[some])
    edges.sort()
    return edges[changes(edges)]


def _between(one: Nodes, other: Nodes) -> Integers:
    return packed(np.minimum(one, other), np.maximum(one, other))


def _parts(rows: int) -> Iterator[slice]:
    for start in range(0, rows, _AT_ONCE):
        yield slice(start, start + _AT_ONCE)


def _triangles(count: int, indptr: Integers, high: Integers) -> Integers:
    """Give the triangles at every node; edges go from lower to higher rank, so that no node has many, and are sorted.

    Some rows of the adjacency at a time are laid out in full, so that a look tells whether two nodes are tied.
    """
    rows = np.flatnonzero(np.diff(indptr) > 1)  # the lowest corner of a triangle has edges to both others
    table = np.zeros((max(_TABLE_BYTES // max(count, 1), 1), count), dtype=bool)
    at, corners, held = np.zeros(count, dtype=np.int64), [np.empty(0, dtype=np.int64)], 0
    for block in _blocks(indptr, high, rows, len(table)):
        found = _corners(table, indptr, high, block)
        corners += found
        held += len(found[0])
        if held > _MOST_HELD:
            at += np.bincount(np.concatenate(corners), minlength=count)
            corners, held = [np.empty(0, dtype=np.int64)], 0
    return at + np.bincount(np.concatenate(corners), minlength=count)


def _blocks(indptr: Integers, high: Integers, rows: Integers, most: int) -> Iterator[Integers]:
    """Give at most `most` of `rows` at a time, with a bounded number of steps over two edges from them."""
    counts = np.diff(indptr)
    begun = np.flatnonzero(counts)
    steps = np.zeros(len(counts), dtype=np.int64)
    steps[begun] = np.add.reduceat(counts.astype(np.int32)[high], indptr[begun], dtype=np.int64)
    steps = steps[rows]
    for first, end in cuts(steps, _MOST_STEPS):
        for start in range(first, end, most):
            yield rows[start : min(start + most, end)]


def _corners(table: npt.NDArray[np.bool_], indptr: Integers, high: Integers, block: Integers) -> list[Integers]:
    """Give the three corners of every triangle whose lowest one lies in `block`; `table` is false again after."""
    counts = np.diff(indptr)
    row, edge = grown(indptr[block], counts[block])
    table[row, high[edge]] = True
    step, third = grown(indptr[high[edge]], counts[high[edge]])
    closed = table[row[step], high[third]]
    step, third = step[closed], third[closed]
    table[row, high[edge]] = False
    return [block[row[step]], high[edge[step]], high[third]]
