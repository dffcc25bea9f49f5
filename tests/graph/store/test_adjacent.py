"""Sorted nodes put together, and summed by node."""

from __future__ import annotations

from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from graph.store.adjacent import either, sums_by_node

NODES = st.lists(st.integers(0, 9), max_size=12)


@given(NODES, NODES)
def test_either_has_each_once_in_order(one: list[int], other: list[int]) -> None:
    found = either(np.array(sorted(set(one)), dtype=np.int64), np.array(sorted(set(other)), dtype=np.int64))
    assert found.tolist() == sorted({*one, *other})


@given(NODES)
def test_sums_are_those_of_each_node(nodes: list[int]) -> None:
    distinct, sums = sums_by_node(np.array(nodes, dtype=np.int64), np.full(len(nodes), 3, dtype=np.int64))
    assert dict(zip(distinct.tolist(), sums.tolist(), strict=True)) == {
        node: 3 * n for node, n in Counter(nodes).items()
    }
    assert distinct.tolist() == sorted(set(nodes))
