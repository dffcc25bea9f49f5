from __future__ import annotations

import numpy as np
import pytest

from ingest.simulator.rhythm import SECOND
from tests.ingest.simulator.look_alikes.habits import by_night, fanout, got_by, made_by
from tests.ingest.simulator.worlds import Made, alone


@pytest.fixture(scope="module")
def made() -> Made:
    return alone("taxi")


def test_calls_are_short_and_to_strangers(made: Made) -> None:
    calls = made_by(made, "taxi")
    assert np.median(calls.talk_ms[calls.answered]) < 60 * SECOND
    assert np.median(fanout(calls)) > 0.75


def test_some_drive_by_night(made: Made) -> None:
    calls = made_by(made, "taxi")
    night = np.bincount(calls.caller, weights=by_night(made, calls)) / np.maximum(np.bincount(calls.caller), 1)
    night = night[made.staff("taxi").members]
    assert 0.15 < (night > 0.4).mean() < 0.45
    assert (night < 0.1).mean() > 0.3


def test_they_are_seen_at_many_cells(made: Made) -> None:
    calls = made_by(made, "taxi")
    cells = np.unique(np.stack((calls.caller, calls.cell)), axis=1)[0]
    assert np.median(np.unique(cells, return_counts=True)[1]) >= 5


def test_passengers_ring_too(made: Made) -> None:
    assert len(got_by(made, "taxi")) > 0.4 * len(made_by(made, "taxi"))
