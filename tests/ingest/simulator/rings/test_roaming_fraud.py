from __future__ import annotations

import numpy as np
import pytest

from ingest.simulator.land.numbering import REGIONS
from tests.ingest.simulator.worlds import Made, alone


@pytest.fixture(scope="module")
def made() -> Made:
    return alone("roaming_fraud", rings=4, days=7)


def test_domestic_sims_come_in_by_one_gateway_with_a_device_and_no_cell(made: Made) -> None:
    country = made.world.census.country
    for org, _ in made.rings("roaming_fraud"):
        calls = made.of(org)
        assert (country.plan.region_of(calls.caller) < len(REGIONS)).all()
        assert len(np.unique(calls.trunk)) == 1
        assert np.isin(calls.trunk, country.trunks.international).all()
        assert np.isin(calls.device, org.devices).all()
        assert (calls.cell < 0).all()


def test_the_ring_s_own_range_is_fed_for_long(made: Made) -> None:
    for org, _ in made.rings("roaming_fraud"):
        calls = made.made_by(org.numbers)
        hot = calls.where(np.isin(calls.callee, org.premium))
        assert len(hot) > 0.25 * len(calls)
        assert np.median(hot.talk_ms[hot.answered]) > 150_000


def test_sims_have_several_calls_at_once(made: Made) -> None:
    peaks = []
    for org, _ in made.rings("roaming_fraud"):
        calls = made.of(org)
        own = calls.where((calls.caller == np.bincount(calls.caller).argmax()) & calls.answered)
        begins, ends = np.sort(own.started), np.sort(own.started + own.ring_ms + own.talk_ms)
        peaks.append((np.arange(1, len(begins) + 1) - np.searchsorted(ends, begins)).max())
    assert max(peaks) >= 3


def test_sims_also_ring_home_like_tourists(made: Made) -> None:
    plan = made.world.census.country.plan
    calls = [made.made_by(org.numbers) for org, _ in made.rings("roaming_fraud")]
    home = [part.where(plan.region_of(part.callee) < len(REGIONS)) for part in calls]
    assert sum(map(len, home)) > 10
    assert all((part.campaign < 0).all() for part in home)


def test_weekends_are_fuller(made: Made) -> None:
    weekday = np.array([day.date.weekday() for day in made.world.days])
    duty = [org.duty >= 0 for org, _ in made.rings("roaming_fraud")]
    on_duty = np.sum([part.sum(axis=1) for part in duty], axis=0)
    begins = np.array([day.start for day in made.world.days])
    made_on = np.zeros(len(begins))
    for org, _ in made.rings("roaming_fraud"):
        made_on += np.bincount(np.searchsorted(begins, made.of(org).started, "right") - 1, minlength=len(begins))
    weekend = np.isin(weekday, (4, 5, 6))
    assert made_on[weekend].sum() / on_duty[weekend].sum() > made_on[~weekend].sum() / on_duty[~weekend].sum()
