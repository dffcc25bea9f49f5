from __future__ import annotations

import numpy as np
import pytest

from ingest.simulator.land.numbering import REGIONS
from tests.ingest.simulator.worlds import Made, alone


@pytest.fixture(scope="module")
def made() -> Made:
    return alone("subscription_fraud", rings=4, days=6)


def test_most_calls_go_abroad_and_last(made: Made) -> None:
    plan = made.world.census.country.plan
    for org, _ in made.rings("subscription_fraud"):
        calls = made.of(org)
        abroad = calls.where(plan.region_of(calls.callee) >= len(REGIONS))
        assert len(abroad) > 0.5 * len(calls)
        assert abroad.talk_ms[abroad.answered].mean() > 180_000


def test_lines_share_devices_and_sit_at_two_cells(made: Made) -> None:
    for org, _ in made.rings("subscription_fraud"):
        calls = made.of(org)
        assert len(np.unique(calls.device)) < len(np.unique(calls.caller))
        assert len(org.cells) == 2
        assert np.isin(calls.cell, org.cells).mean() > 0.6  # some are on a trip


def test_a_line_calls_far_more_than_others_do(made: Made) -> None:
    everyday = made.everyday()
    usual = np.median(np.bincount(everyday.caller)[np.unique(everyday.caller)]) / 6
    for org, _ in made.rings("subscription_fraud"):
        assert len(made.of(org)) / org.days_worked.sum() > 4 * usual


def test_rings_differ_in_hours_and_in_what_goes_to_their_range(made: Made) -> None:
    premium, begins = [], []
    for org, _ in made.rings("subscription_fraud"):
        calls = made.of(org)
        premium.append(np.isin(calls.callee, org.premium).mean())
        begins.append(np.median((calls.started - made.world.days[0].start) % 86_400_000) / 3_600_000)
    assert max(premium) > 0.05
    assert max(premium) - min(premium) > 0.05
    assert max(begins) - min(begins) > 1
