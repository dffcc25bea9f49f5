from __future__ import annotations

import numpy as np
import pytest

from ingest.simulator.land.numbering import BLOCK
from ingest.simulator.rhythm import DAY, MINUTE
from tests.ingest.simulator.worlds import Made, alone


@pytest.fixture(scope="module")
def made() -> Made:
    return alone("traffic_pumping", rings=2, days=14)


def test_many_call_a_small_range_long(made: Made) -> None:
    for org, _ in made.rings("traffic_pumping"):
        calls = made.back_to(org)
        assert len(set((calls.callee // BLOCK).tolist())) == 1
        assert len(set(calls.caller.tolist())) > 10 * len(org.numbers)
        assert calls.answered.mean() > 0.9
        assert calls.talk_ms[calls.answered].mean() > 8 * MINUTE


def test_the_range_calls_nobody(made: Made) -> None:
    for org, ring in made.rings("traffic_pumping"):
        assert set(ring.roles) == {"range"}
        assert len(made.made_by(org.numbers)) == 0


def test_regulars_call_several_of_its_numbers(made: Made) -> None:
    for org, _ in made.rings("traffic_pumping"):
        calls = made.back_to(org)
        pairs = np.unique(np.stack((calls.caller, calls.callee)), axis=1)
        assert np.unique(pairs[0], return_counts=True)[1].mean() > 1.5


def test_its_traffic_grows(made: Made) -> None:
    grown = []
    for org, _ in made.rings("traffic_pumping"):
        calls = made.back_to(org)
        on_duty = (org.duty >= 0).sum(axis=1)
        day = (calls.started - made.world.days[0].start) // DAY
        a_post = np.bincount(day, minlength=len(on_duty)) / np.maximum(on_duty, 1)
        grown.append(a_post[-7:].mean() / a_post[on_duty > 0][:5].mean())
    assert np.mean(grown) > 1.1
