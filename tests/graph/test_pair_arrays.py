"""Pairs as arrays: their order, and the pair of the other direction."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from graph.pair_arrays import PairArrays
from graph.sorted_rows import packed, unpacked

ENDS = st.tuples(st.integers(0, 5), st.integers(0, 5)).filter(lambda ends: ends[0] != ends[1])


def _pairs(ends: set[tuple[int, int]]) -> PairArrays:
    caller, callee = (np.array([pair[side] for pair in sorted(ends)], dtype=np.int32) for side in (0, 1))
    zeros = np.zeros(len(ends), dtype=np.int64)
    return PairArrays(caller, callee, *[zeros] * 6)


@given(st.sets(ENDS))
def test_the_way_back(ends: set[tuple[int, int]]) -> None:
    rows = sorted(ends)
    back = [rows.index((b, a)) if (b, a) in ends else -1 for a, b in rows]
    pairs = _pairs(ends)
    assert pairs.back.tolist() == back
    assert pairs.got.was_called.tolist() == [row >= 0 for row in back]


@given(st.sets(ENDS))
def test_rows_by_callee(ends: set[tuple[int, int]]) -> None:
    rows = sorted(ends)
    assert [rows[i][::-1] for i in _pairs(ends).by_callee] == sorted((b, a) for a, b in rows)


def test_two_nodes_as_one_number() -> None:
    nodes = np.array([0, 7, 2**31 - 1], dtype=np.int32)
    high, low = unpacked(packed(nodes, nodes[::-1]))
    assert high.tolist() == nodes.tolist()
    assert low.tolist() == nodes[::-1].tolist()
