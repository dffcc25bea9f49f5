from __future__ import annotations

import numpy as np
import pytest

from ingest.simulator.land.numbering import BLOCK
from ingest.simulator.rhythm import MINUTE, SECOND
from tests.ingest.simulator.worlds import Made, alone


@pytest.fixture(scope="module")
def made() -> Made:
    return alone("false_answer", rings=2)


def test_a_range_answers_nearly_always_and_at_once(made: Made) -> None:
    ordinary = made.everyday()
    for org, ring in made.rings("false_answer"):
        calls = made.back_to(org)
        assert set(ring.roles) == {"range"}
        assert len(set((calls.callee // BLOCK).tolist())) == 1
        assert calls.answered.mean() > ordinary.answered.mean()
        assert calls.answered.mean() > 0.75
        at_once = calls.ring_ms[calls.answered] < 2_500
        assert at_once.mean() > 0.5 > 2 * (ordinary.ring_ms[ordinary.answered] < 2_500).mean()


def test_most_talks_are_very_short_and_some_are_real(made: Made) -> None:
    for org, _ in made.rings("false_answer"):
        calls = made.back_to(org)
        talk = calls.talk_ms[calls.answered]
        assert (talk < 60 * SECOND).mean() > 0.5
        assert (talk >= 120 * SECOND).mean() > 0.02


def test_who_has_heard_nobody_tries_again_soon(made: Made) -> None:
    for org, _ in made.rings("false_answer"):
        calls = made.back_to(org)
        pair = np.lexsort((calls.started, calls.callee, calls.caller))
        same = (np.diff(calls.caller[pair]) == 0) & (np.diff(calls.callee[pair]) == 0)
        soon = np.diff(calls.started[pair]) < 6 * MINUTE
        assert (same & soon).mean() > 0.1
