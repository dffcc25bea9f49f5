from __future__ import annotations

import numpy as np
import pytest

from ingest.simulator.land.carriers import from_abroad
from ingest.simulator.rhythm import SECOND
from tests.ingest.simulator.worlds import Made, alone


@pytest.fixture(scope="module")
def made() -> Made:
    return alone("refiling", rings=2)


def test_the_same_callee_is_called_within_seconds_under_another_number_by_another_trunk(made: Made) -> None:
    for org, _ in made.rings("refiling"):
        back, out = made.of(org), made.back_to(org)
        assert np.isin(back.trunk, org.trunks).all()
        assert from_abroad(back.trunk).all()
        assert np.isin(out.trunk, org.trunks).mean() < 0.02  # of who roams abroad
        looped = 0
        for callee, started in zip(back.callee, back.started, strict=True):
            before = started - out.started[out.callee == callee]
            looped += bool(((before > 0) & (before < 20 * SECOND)).any())
        assert 0.6 < looped / len(back) < 0.95  # normal: 0.85 of the ways out are seen


def test_both_legs_have_the_same_outcome(made: Made) -> None:
    for org, _ in made.rings("refiling"):
        back, out = made.of(org), made.back_to(org)
        for row in np.flatnonzero(out.answered)[:50]:
            gap = back.started - out.started[row]
            leg = back.where((back.callee == out.callee[row]) & (gap > 0) & (gap < 20 * SECOND))
            assert out.talk_ms[row] in leg.talk_ms


def test_the_shown_numbers_are_foreign_and_called_back_by_none(made: Made) -> None:
    plan = made.world.census.country.plan
    for org, _ in made.rings("refiling"):
        assert plan.within("abroad", org.numbers).all()
        calls = made.all_of(org)
        assert not np.isin(calls.callee, org.numbers).any()
