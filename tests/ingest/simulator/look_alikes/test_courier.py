from __future__ import annotations

import numpy as np
import pytest

from ingest.simulator.rhythm import SECOND
from tests.ingest.simulator.look_alikes.habits import got_by, made_by
from tests.ingest.simulator.worlds import Made, alone, distinct_callees


@pytest.fixture(scope="module")
def made() -> Made:
    return alone("courier")


def test_couriers_call_many_people_shortly_and_miss_a_third(made: Made) -> None:
    calls = made_by(made, "courier")
    assert np.median([len(callees) for callees in distinct_callees(calls).values()]) > 60
    assert np.median(calls.talk_ms[calls.answered]) < 40 * SECOND
    assert 0.25 < (~calls.answered).mean() < 0.5


def test_couriers_stay_in_their_region(made: Made) -> None:
    plan, calls = made.world.census.country.plan, made_by(made, "courier")
    assert (plan.region_of(calls.caller) == plan.region_of(calls.callee)).mean() > 0.95


def test_customers_ring_back(made: Made) -> None:
    members = made.staff("courier").members
    assert len(got_by(made, "courier")) > 5 * made.world.settings.days * len(members)
