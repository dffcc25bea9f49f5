from __future__ import annotations

import numpy as np
import pytest

from ingest.simulator.rhythm import SECOND
from tests.ingest.simulator.look_alikes.habits import fanout, made_by
from tests.ingest.simulator.worlds import Made, alone


@pytest.fixture(scope="module")
def made() -> Made:
    return alone("poll")


def test_most_hang_up_and_a_few_are_interviewed(made: Made) -> None:
    calls = made_by(made, "poll")
    talk = calls.talk_ms[calls.answered]
    assert calls.answered.mean() < 0.6
    assert (talk < 20 * SECOND).mean() > 0.5
    assert 0.02 < (talk > 90 * SECOND).mean() < 0.25


def test_numbers_that_nobody_holds_are_dialled(made: Made) -> None:
    calls = made_by(made, "poll")
    dead = ~made.world.census.country.held[calls.callee]
    assert 0.02 < dead.mean() < 0.4
    assert not calls.answered[dead].any()


def test_nobody_is_dialled_twice_by_one_line(made: Made) -> None:
    assert np.median(fanout(made_by(made, "poll"))) > 0.95
