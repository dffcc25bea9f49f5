from __future__ import annotations

import numpy as np

from ingest.simulator.rhythm import DAY, HOUR
from tests.ingest.simulator.conftest import MakeWorld
from tests.ingest.simulator.worlds import Made, distinct_callees


def test_numbers_ring_once_and_never_the_same_victim_twice(normal: Made) -> None:
    for org, _ in normal.rings("wangiri"):
        calls = normal.of(org)
        alive = calls.ring_ms > 0
        assert (calls.talk_ms == 0).mean() > 0.9
        assert ((calls.ring_ms[alive] >= 1_000) & (calls.ring_ms[alive] <= 4_500)).mean() > 0.99
        lists = distinct_callees(calls)
        assert all(len(lists[caller]) == (calls.caller == caller).sum() for caller in lists)


def test_a_day_s_calls_come_in_few_bursts_on_several_days(normal: Made) -> None:
    begin = normal.world.days[0].start
    for org, _ in normal.rings("wangiri"):
        calls = normal.of(org)
        assert len(np.unique((calls.started - begin) // DAY)) >= 3
        for number in np.unique(calls.caller)[:5]:
            own = np.sort(calls.started[calls.caller == number])
            assert (np.diff(own) > HOUR).sum() <= 3 * len(np.unique((own - begin) // DAY)) + 1


def test_some_ring_back_and_stay_and_a_few_again(normal: Made) -> None:
    repeated = 0
    for org, _ in normal.rings("wangiri"):
        calls, back = normal.of(org), normal.back_to(org)
        talked = back.talk_ms[back.answered]
        assert 0.015 < len(back) / len(calls) < 0.11
        assert 40_000 < np.median(talked) < 360_000
        assert talked.max() <= 600_000
        pairs = np.stack((back.caller, back.callee), axis=1)
        repeated += len(pairs) - len(np.unique(pairs, axis=0))
    assert repeated > 5


def test_who_hides_rings_longer_and_fewer(at_hardness: MakeWorld) -> None:
    def rung(made: Made) -> tuple[float, float]:
        calls = [made.of(org) for org, _ in made.rings("wangiri")]
        duty = sum(int(org.days_worked.sum()) for org, _ in made.rings("wangiri"))
        ring_ms = np.concatenate([part.ring_ms[part.ring_ms > 0] for part in calls])
        return float(ring_ms.max()), sum(map(len, calls)) / duty

    easy, hard = rung(at_hardness("easy")), rung(at_hardness("hard"))
    assert easy[0] <= 3_000 < hard[0]
    assert hard[1] < easy[1] / 2
