"""The order in time within groups, also where group and instant do not fit into one number."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from graph.in_time import in_time

ROW = st.tuples(st.sampled_from((0, 1, 5, 2**31 - 1)), st.integers(0, 6), st.integers(0, 2), st.booleans())


@given(st.lists(ROW, max_size=40), st.sampled_from((1, 7, 2**40, 2**57)), st.integers(0, 2**58))
def test_as_sorted(rows: list[tuple[int, int, int, bool]], step: int, since: int) -> None:
    rows = [(group, since + at * step, one, other) for group, at, one, other in rows]
    columns = [np.array([row[i] for row in rows], dtype=kind) for i, kind in enumerate("iqi?")]
    order = in_time(*columns)
    assert sorted(order.tolist()) == list(range(len(rows)))
    assert [rows[i] for i in order] == sorted(rows)
