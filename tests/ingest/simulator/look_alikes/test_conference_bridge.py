from __future__ import annotations

import numpy as np
import pytest

from ingest.simulator.rhythm import MINUTE
from tests.ingest.simulator.look_alikes.habits import got_by, made_by
from tests.ingest.simulator.worlds import Made, alone


@pytest.fixture(scope="module")
def made() -> Made:
    return alone("conference_bridge")


def test_people_ring_in_and_stay(made: Made) -> None:
    joined = got_by(made, "conference_bridge")
    assert np.median(joined.talk_ms[joined.answered]) > 10 * MINUTE
    assert joined.answered.mean() > 0.8


def test_a_bridge_has_many_callers_and_dials_some_itself(made: Made) -> None:
    joined, dialled = got_by(made, "conference_bridge"), made_by(made, "conference_bridge")
    callers = np.unique(np.stack((joined.callee, joined.caller)), axis=1)[0]
    assert np.median(np.unique(callers, return_counts=True)[1]) > 10
    assert 0 < len(dialled) < 4 * len(joined)


def test_they_come_within_minutes_and_leave_together(made: Made) -> None:
    joined = got_by(made, "conference_bridge")
    since_half_hour = (joined.started - made.world.days[0].start) % (30 * MINUTE)
    assert (since_half_hour < 10 * MINUTE).mean() > 0.8


def test_some_join_from_abroad(made: Made) -> None:
    joined, country = got_by(made, "conference_bridge"), made.world.census.country
    assert 0.02 < np.isin(joined.caller, country.foreign).mean() < 0.2
