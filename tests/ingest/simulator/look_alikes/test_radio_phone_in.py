from __future__ import annotations

import numpy as np
import pytest

from tests.ingest.simulator.look_alikes.habits import busiest_hour, got_by, made_by
from tests.ingest.simulator.worlds import Made, alone


@pytest.fixture(scope="module")
def made() -> Made:
    return alone("radio_phone_in")


def test_many_ring_within_a_show_and_find_it_busy(made: Made) -> None:
    rung = got_by(made, "radio_phone_in")
    staff = made.staff("radio_phone_in")
    busiest = [busiest_hour(rung.started[np.isin(rung.callee, staff.of(at))]) for at in range(staff.employers)]
    assert max(busiest) > 150
    assert 0.75 < (~rung.answered).mean() < 0.95
    assert (rung.ring_ms[~rung.answered] == 0).all()


def test_listeners_try_again(made: Made) -> None:
    rung = got_by(made, "radio_phone_in")
    pairs = np.unique(np.stack((rung.callee, rung.caller)), axis=1)
    assert pairs.shape[1] < 0.9 * len(rung)


def test_winners_are_rung(made: Made) -> None:
    won = made_by(made, "radio_phone_in")
    assert 0 < len(won) < 0.05 * len(got_by(made, "radio_phone_in"))
    assert np.isin(won.callee, got_by(made, "radio_phone_in").caller).mean() > 0.95
