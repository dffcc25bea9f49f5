"""Blocks hold every edge once, and blocks that may be written at the same time have no number in common."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from graph.store.partition import edge_blocks, free_blocks

PAIRS = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=200, unique=True)


@given(PAIRS, st.integers(1, 9))
def test_every_edge_is_in_one_block_and_blocks_apart_share_no_number(pairs: list[tuple[int, int]], n: int) -> None:
    ends = np.array(pairs, dtype=np.int32).reshape(-1, 2)
    rows = np.arange(len(pairs)) * 3 + 1  # rows of a table of which only some are written
    blocks = edge_blocks(rows, ends[:, 0], ends[:, 1], n)
    assert sorted(row for block in blocks for row in block.rows.tolist()) == rows.tolist()
    assert all((np.diff(block.rows) > 0).all() for block in blocks)
    numbers = [{end for row in block.rows.tolist() for end in pairs[(row - 1) // 3]} for block in blocks]
    for (one, its), (other, others) in combinations(zip(blocks, numbers, strict=True), 2):
        assert one.buckets & other.buckets or not its & others


def test_the_largest_block_comes_first() -> None:
    blocks = edge_blocks(np.arange(5), np.array([1, 0, 0, 0, 1]), np.array([1, 0, 2, 4, 2]), 2)
    assert [len(block.rows) for block in blocks] == [3, 1, 1]


def test_free_blocks_are_rows_in_their_order() -> None:
    assert [block.rows.tolist() for block in free_blocks(np.arange(5), 2)] == [[0, 1], [2, 3], [4]]
    assert free_blocks(np.arange(0), 2) == []
