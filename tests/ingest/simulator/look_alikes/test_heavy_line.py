from __future__ import annotations

import numpy as np
import pytest

from ingest.simulator.rhythm import DAY
from tests.ingest.simulator.look_alikes.habits import fanout, got_by, made_by, per_number
from tests.ingest.simulator.worlds import Made, alone


@pytest.fixture(scope="module")
def made() -> Made:
    return alone("heavy_line")


def test_most_are_new_and_busy_from_the_first_day(made: Made) -> None:
    calls, members = made_by(made, "heavy_line"), made.staff("heavy_line").members
    first = np.array([calls.started[calls.caller == slot].min(initial=2**62) for slot in members.tolist()])
    first = (first - made.world.days[0].start) // DAY
    assert 0.4 < ((first > 0) & (first < 7)).mean() < 0.9
    assert np.median(per_number(calls)) > 25


def test_customers_are_rung_again_and_ring(made: Made) -> None:
    assert np.median(fanout(made_by(made, "heavy_line"))) < 0.95
    assert len(got_by(made, "heavy_line")) > 0.3 * len(made_by(made, "heavy_line"))


def test_some_trade_with_other_countries(made: Made) -> None:
    calls = made_by(made, "heavy_line")
    assert 0.01 < (made.world.census.country.plan.region_of(calls.callee) >= 12).mean() < 0.3
