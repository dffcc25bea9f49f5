"""Statistics of call graphs and of call times, as the literature measures them."""

from __future__ import annotations

from functools import cached_property
from typing import NamedTuple

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from ingest.simulator.calls import Calls
from ingest.simulator.randomness import BoolArray, FloatArray, IntArray

Matrix = sparse.csr_array


class Links(NamedTuple):
    """Pairs of one graph, each once."""

    a: IntArray
    b: IntArray
    weight: IntArray


class CallGraph:
    """The graph of who called whom; numbers are rows 0 … n−1."""

    def __init__(self, calls: Calls) -> None:
        numbers, ends = np.unique(np.concatenate((calls.caller, calls.callee)), return_inverse=True)
        self.size = len(numbers)
        self.caller, self.callee = ends[: len(calls)], ends[len(calls) :]
        self.directed = self._matrix(self.caller, self.callee)

    def _matrix(self, a: IntArray, b: IntArray) -> Matrix:
        found = sparse.coo_array((np.ones(len(a), dtype=np.int64), (a, b)), shape=(self.size, self.size)).tocsr()
        found.sum_duplicates()
        return found

    @cached_property
    def mutual(self) -> Matrix:
        """Calls between numbers that called each other, both ways together; symmetric."""
        both = (self.directed > 0).multiply(self.directed.T > 0)
        return sparse.csr_array((self.directed + self.directed.T).multiply(both))

    @cached_property
    def either(self) -> Matrix:
        """Calls between two numbers, whoever called; symmetric."""
        return sparse.csr_array(self.directed + self.directed.T)

    def mean_degree(self) -> float:
        """Partners of a number that has any, who called and were called."""
        degree = _degree(self.mutual)
        return float(degree[degree > 0].mean())

    def contacts(self) -> float:
        """Numbers that a caller called, in the mean."""
        degree = _degree(self.directed)
        return float(degree[degree > 0].mean())

    def giant(self) -> float:
        """Share of the numbers in the largest component, whoever called."""
        return _largest(self.either)

    def mutual_giant(self) -> float:
        """Share of the numbers with a mutual link in the largest component of these."""
        linked = np.flatnonzero(_degree(self.mutual))
        return _largest(self.mutual[linked][:, linked])

    def reciprocity(self) -> float:
        """Share of the directed pairs that are also called back."""
        return float(_degree(self.mutual).sum() / self.directed.nnz)

    def in_exponent(self, least: int) -> float:
        """Exponent of the power law of in-degrees of `least` and more."""
        return tail_exponent(_degree(sparse.csr_array(self.directed.T)), least)

    def out_exponent(self, least: int) -> float:
        """Exponent of the power law of out-degrees of `least` and more."""
        return tail_exponent(_degree(self.directed), least)

    def mutual_exponent(self, least: int) -> float:
        """Exponent of the power law of mutual degrees of `least` and more."""
        return tail_exponent(_degree(self.mutual), least)

    def clustering(self) -> float:
        """Mean over numbers with two or more mutual partners of the share of these that are partners."""
        return float(self.local_clustering()[_degree(self.mutual) > 1].mean())

    def clustering_over_random(self) -> float:
        """How many times the clustering of a random graph with as many links."""
        links = np.count_nonzero(_degree(self.mutual))
        return self.clustering() / (self.mean_degree() / links)

    def local_clustering(self) -> FloatArray:
        """Share of a number's mutual partners that are partners, [n]; 0 where there are fewer than two."""
        link = _one(self.mutual)
        triangles = (link @ link).multiply(link).sum(axis=1)
        degree = _degree(self.mutual)
        clustering: FloatArray = triangles / np.maximum(degree * (degree - 1), 1)
        return clustering

    def links(self) -> Links:
        """Mutual links, each once, with all calls of both."""
        upper = sparse.triu(self.mutual, 1).tocoo()
        return Links(upper.row.astype(np.int64), upper.col.astype(np.int64), upper.data)

    def overlap(self) -> FloatArray:
        """Share of the partners of two linked numbers that both have (Onnela et al. 2007), [links]."""
        link, links, degree = _one(self.mutual), self.links(), _degree(self.mutual)
        common = np.asarray((link @ link).tocsr()[links.a, links.b]).ravel()
        others = degree[links.a] + degree[links.b] - 2 - common
        return np.where(others > 0, common / np.maximum(others, 1), 0.0)

    def overlap_rises(self) -> float:
        """Share of the steps from one tenth of the links by weight to the next in which overlap rises.

        The strongest twentieth is left out. Equal weights are put in order by chance, with a fixed seed.
        """
        overlap, weight = self.overlap(), self.links().weight
        by_weight = np.lexsort((np.random.default_rng(0).random(len(weight)), weight))
        tenths = np.array_split(overlap[by_weight][: int(0.95 * len(weight))], 10)
        return float((np.diff([tenth.mean() for tenth in tenths]) > 0).mean())

    def top_share(self, partners: int, calls: int = 20) -> float:
        """Share of a caller's calls to its `partners` first ones, mean over callers of at least `calls`."""
        totals = np.asarray(self.directed.sum(axis=1)).ravel()
        rows = np.flatnonzero(totals >= calls)
        shares = [np.sort(self.directed[[row]].data)[-partners:].sum() / totals[row] for row in rows]
        return float(np.mean(shares))

    def lopsided(self, calls: int = 10, share: float = 0.8) -> float:
        """Share of links with at least `calls` of which one makes `share` or more, over what fair coins would give."""
        upper = sparse.triu(self.either, 1).tocoo()
        there = np.asarray(self.directed[upper.row, upper.col]).ravel()[upper.data >= calls]
        total = upper.data[upper.data >= calls]
        coins = np.random.default_rng(0).binomial(total, 0.5)
        return float(_one_sided(there, total, share).mean() / _one_sided(coins, total, share).mean())


def tail_exponent(values: IntArray, least: int) -> float:
    """Fit p(k) ~ k^−x to values of at least `least` by maximum likelihood (Clauset et al., SIAM Review 2009)."""
    tail = values[values >= least]
    return float(1 + len(tail) / np.log(tail / (least - 0.5)).sum())


def _one_sided(there: IntArray, total: IntArray, share: float) -> BoolArray:
    found: BoolArray = np.maximum(there, total - there) >= share * total
    return found


def _one(matrix: Matrix) -> Matrix:
    return sparse.csr_array((matrix > 0).astype(np.int64))


def _degree(matrix: Matrix) -> IntArray:
    return np.diff(matrix.indptr).astype(np.int64)


def _largest(matrix: Matrix) -> float:
    _, component = csgraph.connected_components(matrix, directed=False)
    return float(np.bincount(component).max() / matrix.shape[0])
