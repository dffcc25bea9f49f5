"""Features of a bare directed graph: who calls whom is all that is known, neither times nor lengths.

A number's own place and, by recursion, what those it calls and those who call it are like (ReFeX: Henderson et al.
2011).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array, csr_array

from detectors.judgement import FloatArray

ROUNDS = 2  # of means over neighbours
DAMPING = 0.85  # Page and Brin 1998
_STEPS = 50  # of PageRank: 0.85^50 = 0.0003 of the first step's error is left
Features = dict[str, FloatArray]


def graph_features(count: int, caller: npt.NDArray[np.integer], callee: npt.NDArray[np.integer]) -> Features:
    """Give features [count] of each node by its edges; calls of a node to itself and doubled edges do not count.

    Names: those of a node's own place; `callees_NAME`, `callers_NAME` for the means over either, and so on in rounds.
    A mean over nobody is NaN.
    """
    calls = _directed(count, caller, callee)
    sides = {"callees": calls, "callers": calls.T.tocsr()}
    latest = _own(calls)
    found = dict(latest)
    for _ in range(ROUNDS):
        latest = {
            f"{side}_{name}": _mean(matrix, values) for side, matrix in sides.items() for name, values in latest.items()
        }
        found |= latest
    return found


def _directed(count: int, caller: npt.NDArray[np.integer], callee: npt.NDArray[np.integer]) -> csr_array:
    apart = caller != callee
    ends = caller[apart], callee[apart]
    calls = coo_array((np.ones(len(ends[0])), ends), shape=(count, count)).tocsr()
    calls.data[:] = 1.0  # doubled edges have been added up
    return calls


def _own(calls: csr_array) -> Features:
    back = calls.T.tocsr()
    mutual = csr_array(calls.multiply(back))
    contacts = calls + back - mutual
    out, taken, both, known = (_degrees(matrix) for matrix in (calls, back, mutual, contacts))
    triangles = _triangles(contacts, known)
    return {
        "out": out,
        "in": taken,
        "mutual": both,
        "contacts": known,
        "out_share": _ratio(out, known),
        "mutual_share": _ratio(both, known),
        "triangles": triangles,
        "clustering": _ratio(triangles, known * (known - 1) / 2),
        "pagerank": _pagerank(calls, out),
    }


def _triangles(contacts: csr_array, degrees: FloatArray) -> FloatArray:
    """Give in how many triangles each node is.

    Each edge is walked from the end with fewer contacts to the one with more, so that hubs have few ways out (M.
    Latapy 2008): 100 times faster than the square of the matrix on a real call graph.
    """
    one, other = contacts.tocoo().coords
    up = (degrees[one] < degrees[other]) | ((degrees[one] == degrees[other]) & (one < other))
    ways = csr_array((np.ones(int(up.sum())), (one[up], other[up])), shape=contacts.shape)
    ends = csr_array((ways @ ways).multiply(ways))
    middles = csr_array((ways.T @ ways).multiply(ways))
    return np.asarray(ends.sum(axis=1) + ends.sum(axis=0) + middles.sum(axis=1), dtype=np.float64)


def _pagerank(calls: csr_array, out: FloatArray) -> FloatArray:
    """Give [n] PageRanks that add up to n; who calls nobody jumps to anybody."""
    rank = np.ones(len(out))
    back = calls.T.tocsr()
    for _ in range(_STEPS):
        share = np.divide(rank, out, out=np.zeros(len(out)), where=out > 0)
        rank = (1 - DAMPING) + DAMPING * (back @ share + rank[out == 0].sum() / len(out))
    return rank


def _mean(matrix: csr_array, values: FloatArray) -> FloatArray:
    """Give the mean over a node's neighbours; those without a value count as 0, which is how many they have."""
    return _ratio(matrix @ np.nan_to_num(values), _degrees(matrix))


def _ratio(part: FloatArray, whole: FloatArray) -> FloatArray:
    return np.asarray(np.divide(part, whole, out=np.full(len(part), np.nan), where=whole > 0))


def _degrees(matrix: csr_array) -> FloatArray:
    return np.asarray(matrix.sum(axis=1), dtype=np.float64).ravel()
