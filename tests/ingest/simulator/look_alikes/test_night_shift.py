from __future__ import annotations

import numpy as np
import pytest

from tests.ingest.simulator.look_alikes.habits import by_night, made_by, medians
from tests.ingest.simulator.worlds import Made, alone


@pytest.fixture(scope="module")
def made() -> Made:
    return alone("night_shift")


def test_they_call_at_night(made: Made) -> None:
    late = by_night(made, made_by(made, "night_shift")).mean()
    assert 0.35 < late < 0.8
    assert late > 4 * by_night(made, made.everyday()).mean()


def test_colleagues_call_each_other(made: Made) -> None:
    calls, staff = made_by(made, "night_shift"), made.staff("night_shift")
    assert 0.05 < np.isin(calls.callee, staff.members).mean() < 0.6


def test_shifts_differ_in_talk(made: Made) -> None:
    talk = medians(made, "night_shift", made_by(made, "night_shift"))
    assert talk.max() > 1.3 * talk.min()
