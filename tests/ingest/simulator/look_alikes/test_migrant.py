from __future__ import annotations

import numpy as np
import pytest

from ingest.simulator.rhythm import DAY, MINUTE
from tests.ingest.simulator.look_alikes.habits import by_night, got_by, made_by, per_number, target_regions
from tests.ingest.simulator.worlds import Made, alone


@pytest.fixture(scope="module")
def made() -> Made:
    return alone("migrant")


def test_few_long_calls_to_one_country(made: Made) -> None:
    country, calls = made.world.census.country, made_by(made, "migrant")
    home = calls.where(country.plan.region_of(calls.callee) >= 12)
    assert np.median(per_number(home)) < 2 * made.world.settings.days
    assert np.median(home.talk_ms[home.answered]) > 3 * MINUTE
    assert (target_regions(made, home) == 1).mean() > 0.8  # some also ring others back or call a paid line


def test_late_and_on_free_days(made: Made) -> None:
    country, calls = made.world.census.country, made_by(made, "migrant")
    home = calls.where(country.plan.region_of(calls.callee) >= 12)
    assert 0.2 < by_night(made, home).mean() < 0.8
    by_day = np.bincount((home.started - made.world.days[0].start) // DAY)
    sunday = next(day.index for day in made.world.days if day.is_sunday)
    assert by_day[sunday] > np.median(by_day)


def test_families_ring_once_to_be_rung_back(made: Made) -> None:
    got = got_by(made, "migrant")
    signs = got.where(np.isin(got.caller, made.world.census.country.foreign))
    assert len(signs) > 0
    assert signs.answered.mean() < 0.25


def test_they_have_friends_here(made: Made) -> None:
    calls = made_by(made, "migrant")
    assert (made.world.census.country.plan.region_of(calls.callee) < 12).mean() > 0.4
