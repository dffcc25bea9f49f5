from __future__ import annotations

import numpy as np
import pytest

from ingest.simulator.land.numbering import BLOCK
from tests.ingest.simulator.worlds import Made, alone, distinct_callees


@pytest.fixture(scope="module")
def made() -> Made:
    return alone("flash_call", rings=2)


def test_rings_once_and_nobody_talks(made: Made) -> None:
    for org, _ in made.rings("flash_call"):
        calls = made.of(org)
        assert (calls.talk_ms == 0).mean() > 0.95
        rung = calls.ring_ms[calls.ring_ms > 0]
        assert (rung >= 1_000).all()
        assert (rung <= 6_600).all()
        assert len(made.back_to(org)) / len(calls) < 0.01


def test_numbers_of_one_range_reach_each_person_once_or_twice(made: Made) -> None:
    for org, _ in made.rings("flash_call"):
        calls = made.of(org)
        assert len(set((calls.caller // BLOCK).tolist())) == 1
        reached = distinct_callees(calls)
        assert sum(map(len, reached.values())) / len(calls) > 0.95
        assert np.median(np.unique(calls.callee, return_counts=True)[1]) <= 3


def test_they_come_in_from_abroad_mostly_by_the_leased_trunk(made: Made) -> None:
    country = made.world.census.country
    for org, _ in made.rings("flash_call"):
        calls = made.of(org)
        own = np.isin(calls.trunk, org.trunks)
        assert 0.75 < own.mean() < 0.95  # normal: 0.85
        assert np.isin(calls.trunk, country.trunks.ways_in).all()
        assert (calls.cell < 0).all()
