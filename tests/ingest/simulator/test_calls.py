from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.simulator.calls import INNOCENT, OWN, SMS, VOICE, Calls, each, empty, joined, packed
from ingest.simulator.order import in_order

few = st.integers(0, 3)  # so that equal rows are common


def calls_of(rows: list[tuple[int, int, int, int]]) -> Calls:
    caller, callee, started, talk = (np.array([row[i] for row in rows], dtype=np.int64) for i in range(4))
    return Calls(caller, callee, started, talk > 0, np.arange(len(rows)), talk)


@given(st.lists(st.tuples(few, few, few, few)))
def test_in_order_keeps_each_distinguishable_call_once(rows: list[tuple[int, int, int, int]]) -> None:
    ordered = in_order(calls_of(rows), np.arange(len(rows)))
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
    assert len(in_order(empty(), np.empty(0, dtype=np.int64))) == 0


def test_only_the_chosen_rows_are_put_in_order() -> None:
    calls = calls_of([(1, 2, 9, 0), (3, 4, 5, 6), (5, 6, 7, 8)])
    assert in_order(calls, np.array([0, 2])).started.tolist() == [7, 9]


def test_columns_left_out_hold_the_usual() -> None:
    calls = calls_of([(1, 2, 9, 0), (3, 4, 5, 6)])
    assert calls.campaign.tolist() == [INNOCENT] * 2
    assert calls.kind.tolist() == [VOICE] * 2
    assert calls.device.tolist() == calls.cell.tolist() == calls.trunk.tolist() == calls.sim.tolist() == [OWN] * 2


def test_one_value_may_stand_for_a_column_and_differs_from_part_to_part() -> None:
    texts = calls_of([(1, 2, 9, 0), (3, 4, 5, 6)]).but(kind=each(SMS), campaign=each(7))
    both = joined((texts, calls_of([(5, 6, 7, 8)])))
    assert both.kind.tolist() == [SMS, SMS, VOICE]
    assert both.campaign.tolist() == [7, 7, INNOCENT]
    assert both.where(np.array([2, 0])).kind.tolist() == [VOICE, SMS]
    assert texts.where(np.array([True, False])).kind.tolist() == [SMS]


def test_a_column_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="campaign has 3 rows where there are 2 calls"):
        calls_of([(1, 2, 9, 0), (3, 4, 5, 6)]).but(campaign=np.zeros(3, dtype=np.int64))


def test_columns_of_one_value_cannot_be_written() -> None:
    with pytest.raises(ValueError, match="read-only"):
        calls_of([(1, 2, 9, 0)]).kind[0] = SMS


def test_packed_calls_are_the_same_calls() -> None:
    calls = calls_of([(1, 2, 9, 0), (3, 4, 5, 6)]).but(campaign=each(7))
    small = packed(calls)
    assert small.caller.dtype == np.int32
    assert small.started.dtype == np.int64
    assert (small.caller.tolist(), small.campaign.tolist()) == (calls.caller.tolist(), [7, 7])
