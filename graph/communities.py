"""Communities of linked numbers: the one function behind which Leiden stands."""

from __future__ import annotations

import graspologic_native
import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array, csr_array

Nodes = npt.NDArray[np.int32]


def communities(count: int, a: Nodes, b: Nodes, weight: npt.NDArray[np.float64], resolution: float, seed: int) -> Nodes:
    """Give the community of each of `count` nodes, numbered 0, 1, 2 … by smallest member.

    `a`, `b`, `weight`: links in any order; weights of links between the same two are added; a link of a node to itself
    and weights that are not positive are refused (ValueError). A node without links is a community of its own.
    `resolution` above 1 finds smaller communities than modularity does by itself; the same links and seed give the same
    answer. Source: Leiden, Traag, Waltman, van Eck 2019.
    """
    if np.any(a == b) or np.any(weight <= 0):
        raise ValueError("links tie two different nodes with a positive weight")
    if len(a) == 0:
        return np.arange(count, dtype=np.int32)
    links = _symmetric(count, a, b, weight)
    _, found = graspologic_native.leiden_csr(
        links.indptr.astype(np.int64),
        links.indices.astype(np.int32),
        links.data,
        count,
        resolution=resolution,
        seed=seed,
    )
    return _by_smallest_member(np.array([found[node] for node in range(count)]))


def _symmetric(count: int, a: Nodes, b: Nodes, weight: npt.NDArray[np.float64]) -> csr_array:
    order = np.lexsort((weight, np.maximum(a, b), np.minimum(a, b)))  # one order of summation
    low, high, ordered = np.minimum(a, b)[order], np.maximum(a, b)[order], weight[order].astype(np.float64)
    ends = (np.r_[low, high], np.r_[high, low])
    matrix = coo_array((np.r_[ordered, ordered], ends), shape=(count, count)).tocsr()
    matrix.sort_indices()
    return matrix


def _by_smallest_member(labels: npt.NDArray[np.int64]) -> Nodes:
    _, first, which = np.unique(labels, return_index=True, return_inverse=True)
    rank = np.empty(len(first), dtype=np.int32)
    rank[np.argsort(first)] = np.arange(len(first))
    return rank[which]
