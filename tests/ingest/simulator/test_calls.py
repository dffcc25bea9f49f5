from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ingest.simulator.calls import Calls, empty, in_order, joined

few = st.integers(0, 3)  # so that equal rows are common


def calls_of(rows: list[tuple[int, int, int, int]]) -> Calls:
    caller, callee, started, talk = (np.array([row[i] for row in rows], dtype=np.int64) for i in range(4))
    return Calls(caller, callee, started, talk > 0, np.arange(len(rows)), talk, np.full(len(rows), -1))


@given(st.lists(st.tuples(few, few, few, few)))
def test_in_order_keeps_each_distinguishable_call_once(rows: list[tuple[int, int, int, int]]) -> None:
    ordered = in_order(calls_of(rows))
    found = list(
        zip(*(c.tolist() for c in (ordered.started, ordered.caller, ordered.callee, ordered.talk_ms)), strict=True)
    )
    assert found == sorted({(started, caller, callee, talk) for caller, callee, started, talk in rows})


def test_joining_keeps_the_order_of_the_parts() -> None:
    both = joined((calls_of([(1, 2, 9, 0)]), empty(), calls_of([(3, 4, 5, 6)])))
    assert both.caller.tolist() == [1, 3]
    assert both.answered.tolist() == [False, True]


def test_nothing_joined_is_no_calls() -> None:
    assert len(joined(())) == 0
    assert len(in_order(empty())) == 0
