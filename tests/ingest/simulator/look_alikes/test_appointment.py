from __future__ import annotations

import numpy as np
import pytest

from ingest.simulator.calls import SMS
from ingest.simulator.rhythm import DAY
from tests.ingest.simulator.look_alikes.habits import by_night, got_by, made_by, per_number
from tests.ingest.simulator.worlds import Made, alone


@pytest.fixture(scope="module")
def made() -> Made:
    return alone("appointment")


def test_few_reminders_before_the_evening_of_working_days(made: Made) -> None:
    calls = made_by(made, "appointment")
    assert np.median(per_number(calls)) < 15 * made.world.settings.days
    by_day = np.bincount((calls.started - made.world.days[0].start) // DAY)
    sunday = next(day.index for day in made.world.days if day.is_sunday)
    assert by_day[sunday] < 0.6 * np.median(by_day)
    assert by_night(made, calls).mean() < 0.1


def test_they_text_and_call_and_customers_ring_back(made: Made) -> None:
    calls = made_by(made, "appointment")
    assert 0.1 < (calls.kind == SMS).mean() < 0.7
    assert len(got_by(made, "appointment")) > 0.2 * len(calls)
