from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from ingest.simulator.calls import Calls
from ingest.simulator.everyday.trains import ADD, ANSWER_BACK, QUIET_FROM, RING_BACK, TRY_AGAIN, follow_ups
from ingest.simulator.randomness import generator
from ingest.simulator.rhythm import DAY, HOUR, Day

TODAY = Day(0, date(2026, 5, 4), 1_000_000 * DAY)
COUNT = 40_000


def calls(answered: bool) -> Calls:
    pair = np.arange(COUNT)
    started = TODAY.start + np.linspace(9 * HOUR, 22 * HOUR, COUNT).astype(np.int64)
    talk = np.full(COUNT, 60_000 * answered)
    return Calls(pair, pair + COUNT, started, np.full(COUNT, answered), np.full(COUNT, 8_000), talk)


@pytest.mark.parametrize(("answered", "same", "returned"), [(False, TRY_AGAIN, RING_BACK), (True, ADD, ANSWER_BACK)])
def test_calls_are_followed_by_one_of_the_two(answered: bool, same: float, returned: float) -> None:
    after = follow_ups(generator(1, "after"), TODAY, calls(answered))
    assert (np.abs(after.caller - after.callee) == COUNT).all()
    assert (after.returned == (after.caller >= COUNT)).all()
    assert abs((~after.returned).sum() / COUNT - same) < 0.01
    assert abs(after.returned.sum() / COUNT - returned) < 0.01


@pytest.mark.parametrize("answered", [False, True])
def test_what_follows_comes_after_the_call_and_not_at_night(answered: bool) -> None:
    first = calls(answered)
    after = follow_ups(generator(1, "after"), TODAY, first)
    ended = (first.started + first.ring_ms + first.talk_ms)[np.minimum(after.caller, after.callee)]
    assert (after.started > ended).all()
    since_evening = (after.started - TODAY.start - QUIET_FROM * HOUR) % DAY
    assert since_evening.min() >= 8.9 * HOUR
    assert np.median(after.started - ended) < HOUR
