"""How the others around a number are connected: array code on compressed rows."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from graph.features.ratio import DECIMALS

Floats = npt.NDArray[np.float64]
Nodes = npt.NDArray[np.int32]
_BLOCK = 8_192  # rows of a sparse product that are held at a time


def columns(count: int, caller: Nodes, callee: Nodes) -> dict[str, Floats]:
    """Give the group's features of `count` nodes from the distinct directed edges caller → callee, NaN = null."""
    callees = np.bincount(caller, minlength=count)
    callers = np.bincount(callee, minlength=count)
    return {
        "callee_in_degree": _mean_over_callees(callers, caller, callee, callees),
        "callee_out_degree": _mean_over_callees(callees, caller, callee, callees),
        "silent_callee_share": _mean_over_callees((callees == 0).astype(np.int64), caller, callee, callees),
        "clustering": _clustering(count, caller, callee),
    }


def _mean_over_callees(
    value: npt.NDArray[np.int64], caller: Nodes, callee: Nodes, callees: npt.NDArray[np.int64]
) -> Floats:
    totals = np.bincount(caller, weights=value[callee], minlength=len(callees))  # whole numbers, exact in float64
    return _ratio(totals, callees)


def _clustering(count: int, caller: Nodes, callee: Nodes) -> Floats:
    """Count each triangle once, at its edge between its two best connected corners (Latapy 2008, forward algorithm)."""
    low, high = _undirected(caller, callee)
    contacts = np.bincount(low, minlength=count) + np.bincount(high, minlength=count)
    rank = np.empty(count, dtype=np.int64)
    rank[np.lexsort((np.arange(count), contacts))] = np.arange(count)
    first, second = np.minimum(rank[low], rank[high]), np.maximum(rank[low], rank[high])
    upward = csr_array((np.ones(len(first), dtype=np.int64), (first, second)), shape=(count, count))
    triangles = _triangles(upward)[rank]
    return _ratio(2 * triangles, contacts * (contacts - 1))


def _undirected(caller: Nodes, callee: Nodes) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    low = np.minimum(caller, callee).astype(np.int64)
    codes = np.unique(low << 32 | np.maximum(caller, callee))
    return codes >> 32, codes & 0xFFFFFFFF


def _triangles(upward: csr_array) -> npt.NDArray[np.int64]:
    """Give the triangles at every node; edges go from lower to higher rank, so that no row is long."""
    count = upward.shape[0]
    at = np.zeros(count, dtype=np.int64)
    downward = upward.T.tocsr()
    for start in range(0, count, _BLOCK):
        rows = slice(start, start + _BLOCK)
        closed = (downward[rows] @ upward).multiply(upward[rows])  # [j, k]: how many i have edges to both
        at[rows] += closed.sum(axis=1)
        at += closed.sum(axis=0)
        ends = (upward[rows] @ upward).multiply(upward[rows])  # [i, k]: how many j lie between
        at[rows] += ends.sum(axis=1)
    return at


def _ratio(part: npt.NDArray[np.number], whole: npt.NDArray[np.int64]) -> Floats:
    result = np.full(len(whole), np.nan)
    np.divide(part, whole, out=result, where=whole > 0)
    return np.round(result, DECIMALS)
