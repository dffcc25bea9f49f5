"""The undirected, weighted network that communities are found in."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array, csr_array

Nodes = npt.NDArray[np.int32]
Weights = npt.NDArray[np.float64]
Labels = npt.NDArray[np.int64]  # [nodes], communities numbered from 0 without gaps


@dataclass(frozen=True)
class Network:
    """Each linked pair once, sorted by (low, high)."""

    count: int
    low: Nodes
    high: Nodes
    weight: Weights

    @classmethod
    def of(cls, count: int, a: Nodes, b: Nodes, weight: Weights) -> Network:
        """Give the network of links in any order and direction; the weights of one pair's links are added."""
        pair = np.minimum(a, b).astype(np.int64) * count + np.maximum(a, b)
        order = np.lexsort((weight, pair))  # one order of summation
        pair, weight = pair[order], weight[order].astype(np.float64)
        first = np.flatnonzero(np.diff(pair, prepend=-1))
        low, high = np.divmod(pair[first], max(count, 1))
        total = np.add.reduceat(weight, first) if len(first) else weight
        return cls(count, low.astype(np.int32), high.astype(np.int32), total)

    def matrix(self) -> csr_array:
        """Give the symmetric matrix of weights, columns of a row ascending."""
        half = coo_array((self.weight, (self.low, self.high)), shape=(self.count, self.count)).tocsr()
        whole = csr_array(half + half.T)
        whole.sort_indices()
        return whole

    def within(self, labels: Labels | Nodes) -> Network:
        """Leave out the links between communities."""
        kept = labels[self.low] == labels[self.high]
        return Network(self.count, self.low[kept], self.high[kept], self.weight[kept])
