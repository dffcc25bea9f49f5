from __future__ import annotations

import numpy as np
import pytest

from ingest.simulator.rhythm import HOUR
from tests.ingest.simulator.look_alikes.habits import busiest_hour, made_by
from tests.ingest.simulator.worlds import Made, alone


@pytest.fixture(scope="module")
def made() -> Made:
    return alone("school")


def test_all_parents_hear_it_within_hours(made: Made) -> None:
    staff = made.staff("school")
    schools = [made.made_by(staff.of(at)) for at in range(staff.employers)]
    assert max(busiest_hour(school.started) for school in schools if len(school)) > 40


def test_parents_live_near_each_other_and_hear_again(made: Made) -> None:
    plan, calls = made.world.census.country.plan, made_by(made, "school")
    assert (plan.region_of(calls.caller) == plan.region_of(calls.callee)).mean() > 0.8
    assert len(np.unique(calls.callee)) < 0.8 * len(calls)


def test_none_on_sundays(made: Made) -> None:
    sunday = next(day for day in made.world.days if day.is_sunday)
    started = made_by(made, "school").started
    assert not ((started >= sunday.start + HOUR) & (started < sunday.end)).any()
