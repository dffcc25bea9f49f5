from __future__ import annotations

import numpy as np
import pytest

from ingest.simulator.calls import VOICE
from ingest.simulator.rings.sim_box import one_at_a_time
from tests.ingest.simulator.worlds import Made, alone, distinct_callees


@pytest.fixture(scope="module")
def made() -> Made:
    return alone("sim_box", rings=2)


def test_a_sim_calls_many_and_is_hardly_called(made: Made) -> None:
    for org, _ in made.rings("sim_box"):
        calls = made.of(org)
        assert len(calls) / org.days_worked.sum() > 40
        assert len(made.back_to(org)) / len(calls) < 0.1
        reached = distinct_callees(calls)
        assert sum(map(len, reached.values())) / len(calls) > 0.95
        assert (calls.kind == VOICE).all()


def test_the_same_people_are_called_by_several_sims(made: Made) -> None:
    for org, _ in made.rings("sim_box"):
        calls = made.of(org)
        pairs = np.unique(np.stack((calls.callee, calls.caller)), axis=1)
        assert (np.unique(pairs[0], return_counts=True)[1] > 1).mean() > 0.3


def test_devices_hold_several_sims_and_stay_at_a_cell(made: Made) -> None:
    for org, _ in made.rings("sim_box"):
        calls = made.of(org)
        assert set(calls.device.tolist()) <= set(org.devices.tolist())
        assert set(calls.cell.tolist()) <= set(org.cells.tolist())
        assert len(org.cells) <= 2
        sims = [len(set(calls.sim[calls.device == device].tolist())) for device in set(calls.device.tolist())]
        assert max(sims) >= 5


def test_a_sim_is_in_one_call_at_a_time(made: Made) -> None:
    for org, _ in made.rings("sim_box"):
        calls = made.of(org)
        for number in org.numbers:
            own = calls.where(calls.caller == number)
            ends = own.started + own.ring_ms + own.talk_ms
            assert (np.diff(own.started) > 0).all()
            assert (own.started[1:] >= ends[:-1]).mean() > 0.99  # but for what lasts over midnight


def test_a_call_waits_until_the_line_is_free() -> None:
    started = one_at_a_time(np.array([0, 10, 20, 100]), np.array([15, 30, 5, 1]))
    assert started.tolist() == [0, 15, 45, 100]
