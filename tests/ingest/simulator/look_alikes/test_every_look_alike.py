"""What all look-alikes keep to."""

from __future__ import annotations

import numpy as np
import pytest

from ingest.simulator.calls import INNOCENT
from ingest.simulator.kinds import look_alike_kinds
from ingest.simulator.randomness import generator
from ingest.simulator.settings import WorldSettings
from ingest.simulator.trades import Staff
from tests.ingest.simulator.worlds import Made, make

KINDS = look_alike_kinds()


@pytest.fixture(scope="module")
def made() -> Made:
    return make(WorldSettings(callers=4_000, days=4, seed=7, rings=3))


def test_shares_are_of_one() -> None:
    assert sum(kind.TRADE.share for kind in KINDS.values()) == pytest.approx(1.0, abs=0.02)


@pytest.mark.parametrize("name", KINDS)
def test_calls_are_innocent_and_begin_with_the_day(made: Made, name: str) -> None:
    country = made.world.census.country
    staff, rng = made.staff(name), generator(1, name)
    part = KINDS[name].settle(staff, country, rng)
    for day in made.world.days:
        calls = part.calls(day, rng)
        assert (calls.campaign == INNOCENT).all()
        assert (calls.started >= day.start).all()
        assert (calls.caller != calls.callee).all()
        concerned = np.isin(calls.caller, staff.members) | np.isin(calls.callee, staff.members)
        assert (concerned | np.isin(calls.forwarded_to, staff.members)).all()


@pytest.mark.parametrize("name", KINDS)
def test_a_day_depends_on_that_day_alone(made: Made, name: str) -> None:
    part = KINDS[name].settle(made.staff(name), made.world.census.country, generator(1, name))
    day = made.world.days[2]
    first = part.calls(day, generator(1, name, 2))
    part.calls(made.world.days[0], generator(1, name, 0))
    again = part.calls(day, generator(1, name, 2))
    assert np.array_equal(first.callee, again.callee)
    assert np.array_equal(first.started, again.started)


@pytest.mark.parametrize("name", KINDS)
def test_nobody_may_work_in_a_trade(made: Made, name: str) -> None:
    nobody = Staff(np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64), [])
    part = KINDS[name].settle(nobody, made.world.census.country, generator(1, name))
    assert len(part.calls(made.world.days[0], generator(1, name, 0))) == 0
