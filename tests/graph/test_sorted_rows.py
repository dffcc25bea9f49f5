"""Sorted rows against sorted lists."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.sorted_rows import changes, distinct, in_order, in_time, run_sums, touching

SMALL = st.integers(0, 4)
ROW = st.tuples(st.sampled_from((0, 1, 5, 2**31 - 1)), st.integers(0, 6), st.integers(0, 2), st.booleans())


@given(st.lists(st.tuples(SMALL, SMALL)))
def test_in_order(rows: list[tuple[int, int]]) -> None:
    keys, ties = np.array(rows, dtype=np.int64).reshape(-1, 2).T
    order, ranked = in_order(keys, ties)
    assert [rows[place] for place in order] == sorted(rows)
    assert ranked.tolist() == sorted(keys.tolist())
    assert sorted(order.tolist()) == list(range(len(rows)))


@given(st.lists(SMALL, min_size=1))
def test_neighbours(values: list[int]) -> None:
    differ = changes(np.array(values))
    assert differ.tolist() == [True, *(a != b for a, b in pairwise(values))]
    met = touching(~differ)
    assert met.tolist() == [
        values[at] in values[max(at - 1, 0) : at] + values[at + 1 : at + 2] for at in range(len(values))
    ]


@given(st.lists(st.lists(st.integers(-(1 << 50), 1 << 50))))
def test_run_sums(runs: list[list[int]]) -> None:
    values = np.array([value for run in runs for value in run], dtype=np.int64)
    counts = np.array([len(run) for run in runs], dtype=np.int64)
    assert run_sums(values, counts).tolist() == [sum(run) for run in runs]


def test_run_sums_wrap_and_come_back() -> None:
    values = np.array([(1 << 62), (1 << 62), 5, (1 << 62), 7], dtype=np.int64)
    assert run_sums(values, np.array([1, 1, 1, 1, 1])).tolist() == values.tolist()


@given(st.lists(st.tuples(st.sampled_from([0, 3, (1 << 31) - 1]), st.sampled_from([0, 7, (1 << 32) - 1]))))
def test_distinct(pairs: list[tuple[int, int]]) -> None:
    high, low = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    assert list(zip(*(side.tolist() for side in distinct(high, low)), strict=True)) == sorted(set(pairs))


@pytest.mark.parametrize("kind", [np.int32, np.int64])
def test_of_no_rows(kind: type[np.integer]) -> None:
    none = np.empty(0, dtype=kind)
    assert not len(distinct(none, none)[0])
    assert not len(changes(none))
    assert not len(in_order(none.astype(np.int64), none)[0])


@given(st.lists(ROW, max_size=40), st.sampled_from((1, 7, 2**40, 2**57)), st.integers(0, 2**58))
def test_order_in_time_also_where_it_takes_more_than_63_bits(
    rows: list[tuple[int, int, int, bool]], step: int, since: int
) -> None:
    rows = [(group, since + at * step, one, other) for group, at, one, other in rows]
    columns = [np.array([row[i] for row in rows], dtype=kind) for i, kind in enumerate("iqi?")]
    order = in_time(*columns)
    assert sorted(order.tolist()) == list(range(len(rows)))
    assert [rows[i] for i in order] == sorted(rows)
