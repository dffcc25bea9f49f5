from __future__ import annotations

import numpy as np
import pytest

from ingest.simulator.calls import Calls
from ingest.simulator.randomness import BoolArray
from ingest.simulator.rhythm import HOUR, MINUTE
from ingest.simulator.rings.irsf import TEST_NUMBERS
from tests.ingest.simulator.worlds import Made, alone


@pytest.fixture(scope="module")
def made() -> Made:
    return alone("irsf", rings=2, days=14)


def at_weekend(made: Made, calls: Calls) -> BoolArray:
    """Tell what begins between Friday 18:00 and Monday 12:00."""
    friday = next(day for day in made.world.days if day.date.weekday() == 4)
    hour = (calls.started - friday.start) // HOUR % (7 * 24)
    weekend: BoolArray = (hour >= 18) & (hour < 3 * 24 + 12)
    return weekend


def test_several_accounts_call_one_range_and_long(made: Made) -> None:
    for org, _ in made.rings("irsf"):
        calls = made.of(org)
        assert set(calls.callee.tolist()) <= set(org.premium.tolist())
        assert len(set(org.duty[org.duty >= 0].tolist()) & set(calls.caller.tolist())) >= 5
        long = calls.talk_ms[at_weekend(made, calls) & calls.answered]
        assert long.mean() > 6 * MINUTE
        assert len(made.back_to(org)) == 0


def test_most_of_it_lies_at_weekends(made: Made) -> None:
    for org, _ in made.rings("irsf"):
        calls = made.of(org)
        minutes = calls.talk_ms[at_weekend(made, calls)].sum() / calls.talk_ms.sum()
        assert minutes > 0.7


def test_numbers_of_the_range_are_tested_shortly_on_other_days(made: Made) -> None:
    for org, _ in made.rings("irsf"):
        calls = made.of(org)
        others = calls.where(~at_weekend(made, calls) & calls.answered)
        tests = others.where(np.isin(others.callee, org.premium[:TEST_NUMBERS]) & (others.talk_ms <= 40_000))
        assert len(tests) > 0.3 * len(others)
        assert np.median(tests.talk_ms) < 15_000


def test_calls_to_a_range_overlap(made: Made) -> None:
    for org, _ in made.rings("irsf"):
        calls = made.of(org)
        ends = calls.started + calls.ring_ms + calls.talk_ms
        at_once = [((calls.started <= start) & (ends > start)).sum() for start in calls.started]
        assert max(at_once) >= 3
