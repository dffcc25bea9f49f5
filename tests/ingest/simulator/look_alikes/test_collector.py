from __future__ import annotations

import numpy as np
import pytest

from ingest.simulator.rhythm import SECOND
from tests.ingest.simulator.look_alikes.habits import got_by, made_by
from tests.ingest.simulator.worlds import Made, alone


@pytest.fixture(scope="module")
def made() -> Made:
    return alone("collector")


def test_most_are_missed_or_cut_short(made: Made) -> None:
    calls = made_by(made, "collector")
    assert (calls.answered & (calls.talk_ms > 20 * SECOND)).mean() < 0.25
    assert 0.45 < (~calls.answered).mean() < 0.9
    assert (calls.ring_ms[~calls.answered] < 8 * SECOND).mean() > 0.1


def test_several_lines_try_the_same_people(made: Made) -> None:
    staff = made.staff("collector")
    firm = max((made.made_by(staff.of(at)) for at in range(staff.employers)), key=len)
    pairs = np.unique(np.stack((firm.callee, firm.caller)), axis=1)[0]
    assert (np.unique(pairs, return_counts=True)[1] > 1).mean() > 0.1


def test_nobody_rings_back_gladly(made: Made) -> None:
    assert len(got_by(made, "collector")) < 0.06 * len(made_by(made, "collector"))
