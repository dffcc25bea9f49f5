from __future__ import annotations

import numpy as np

from ingest.simulator.calls import Calls
from ingest.simulator.rhythm import HOUR
from tests.ingest.simulator.worlds import Made, alone


def gap_variation(calls: Calls) -> float:
    """Median over the numbers of the coefficient of variation of the gaps in a session."""
    found = []
    for number in np.unique(calls.caller):
        gaps = np.diff(np.sort(calls.started[calls.caller == number]))
        gaps = gaps[gaps < HOUR]
        if len(gaps) > 5:
            found.append(gaps.std() / gaps.mean())
    return float(np.median(found))


def test_talks_are_short_and_the_pace_is_even(normal: Made) -> None:
    for org, _ in normal.rings("robocall"):
        calls = normal.of(org)
        talk = calls.talk_ms[calls.answered]
        assert talk.mean() < 60_000
        assert (talk < 60_000).mean() > 0.85
        assert (talk <= 6_000).mean() > 0.1
        assert gap_variation(calls) < 0.5


def test_dead_numbers_are_dialled_and_never_answer(normal: Made) -> None:
    held = normal.world.census.country.held
    for org, ring in normal.rings("robocall"):
        calls = normal.of(org)
        dead = ~held[calls.callee]
        assert (0.1 < dead.mean() < 0.7) if vars(ring)["piece"] > 1 else not dead.any()
        assert not calls.answered[dead].any()
        assert (calls.ring_ms[dead] == 0).all()


def test_some_diallers_are_slow_and_some_work_through_a_bought_list() -> None:
    made = alone("robocall", hardness="hard", rings=5, callers=4_000, days=4)
    paces, follows = [], []
    for org, _ in made.rings("robocall"):
        calls = made.of(org)
        own = calls.where(calls.caller == np.bincount(calls.caller).argmax())
        order = np.argsort(own.started, kind="stable")
        gaps = np.diff(own.started[order])
        paces.append(np.median(gaps[gaps < HOUR]))
        follows.append((np.abs(np.diff(own.callee[order])) <= 10).mean())
    assert max(paces) > 2 * min(paces)
    assert min(follows) < 0.1
    assert max(follows) > 0.8
