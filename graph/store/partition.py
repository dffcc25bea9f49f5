"""Which edges may be written at the same time, so that sessions hardly ever wait for each other's locks.

A relationship is written under locks on both of its ends, so batches by caller still meet at every busy callee. Here
nodes fall into buckets, and a block is all edges between two buckets; blocks without a common bucket have no common
node (the strata of Gemulla et al., "Large-scale matrix factorization with distributed SGD", KDD 2011). What is left
are relationships that hang in the chains of two such nodes: a deadlock over those is rare, and the batch is repeated.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from graph.snapshot import IntArray


@dataclass(frozen=True)
class Block:
    """Rows to write, ascending, and the buckets that nobody else may write to meanwhile."""

    buckets: frozenset[int]
    rows: IntArray


def edge_blocks(rows: IntArray, callers: npt.NDArray[np.int32], callees: npt.NDArray[np.int32], n: int) -> list[Block]:
    """Cut edge rows into blocks between `n` buckets of nodes, the largest first; ends are given row by row."""
    one, other = (ends.astype(np.int64) % n for ends in (callers, callees))
    codes = (np.minimum(one, other) * n + np.maximum(one, other)).astype(np.int32)
    order = np.argsort(codes, kind="stable")
    ends = np.searchsorted(codes, np.arange(n * n + 1), sorter=order)
    found = [
        Block(frozenset(divmod(code, n)), rows[order[start:end]])
        for code, (start, end) in enumerate(pairwise(ends))
        if start < end
    ]
    return sorted(found, key=lambda block: -len(block.rows))


def free_blocks(rows: IntArray, size: int) -> list[Block]:
    """Cut rows into blocks of up to `size` that may all be written at the same time."""
    return [Block(frozenset(), rows[start : start + size]) for start in range(0, len(rows), size)]
