from __future__ import annotations

import pytest

from ingest.simulator.rhythm import SECOND
from tests.ingest.simulator.look_alikes.habits import busiest_hour, by_night, got_by, made_by
from tests.ingest.simulator.worlds import Made, alone


@pytest.fixture(scope="module")
def made() -> Made:
    return alone("hospital")


def test_bursts_of_short_calls_that_most_answer(made: Made) -> None:
    calls = made_by(made, "hospital")
    assert calls.answered.mean() > 0.5
    assert (calls.talk_ms[calls.answered] < 60 * SECOND).mean() > 0.6
    houses = [made.made_by(made.staff("hospital").of(at)) for at in range(made.staff("hospital").employers)]
    assert max(busiest_hour(house.started) for house in houses) > 60


def test_wards_call_by_night(made: Made) -> None:
    assert 0.02 < by_night(made, made_by(made, "hospital")).mean() < 0.3


def test_hardly_anybody_rings_back(made: Made) -> None:
    assert len(got_by(made, "hospital")) < 0.1 * len(made_by(made, "hospital"))
