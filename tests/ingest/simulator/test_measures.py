"""The measures of call graphs give what can be counted by hand, and what is known of random calls."""

from __future__ import annotations

import numpy as np
import pytest

from ingest.simulator.calls import Calls
from ingest.simulator.randomness import generator
from ingest.simulator.rhythm import DAY, HOUR, MINUTE
from tests.ingest.simulator.call_graph import CallGraph, tail_exponent
from tests.ingest.simulator.call_times import (
    Sequences,
    imbalance_within_trains,
    log_logistic_gain,
    mutual_seen_again,
    one_partner_share,
    partners_within,
    weight_of_first_links,
    without_rhythm,
)


def calls(*rows: tuple[int, int, int]) -> Calls:
    """Give calls of (caller, callee, minute)."""
    caller, callee, minute = (np.array(column, dtype=np.int64) for column in zip(*rows, strict=True))
    talk = np.full(len(rows), 60_000)
    return Calls(caller, callee, minute * MINUTE, talk > 0, talk // 10, talk)


def both_ways(*pairs: tuple[int, int]) -> Calls:
    return calls(*((a, b, 0) for a, b in pairs), *((b, a, 9) for a, b in pairs))


def test_a_triangle_with_a_tail() -> None:
    graph = CallGraph(both_ways((10, 20), (20, 30), (10, 30), (30, 40)))
    assert graph.mean_degree() == pytest.approx(8 / 4)
    assert graph.clustering() == pytest.approx((1 + 1 + 1 / 3) / 3)
    overlap = dict(
        zip(zip(graph.links().a.tolist(), graph.links().b.tolist(), strict=True), graph.overlap(), strict=True)
    )
    assert overlap == {(0, 1): 1.0, (0, 2): 0.5, (1, 2): 0.5, (2, 3): 0.0}
    assert graph.reciprocity() == 1


def test_one_way_calls_are_no_mutual_links() -> None:
    graph = CallGraph(calls((1, 2, 0), (2, 1, 5), (1, 3, 0), (4, 5, 0)))
    assert graph.reciprocity() == 0.5
    assert graph.mean_degree() == 1
    assert graph.giant() == 3 / 5
    assert graph.mutual_giant() == 1


def test_the_first_partners_share() -> None:
    rows = [(1, 2, minute) for minute in range(6)] + [(1, 3, 7), (1, 4, 8), (1, 5, 9), (1, 6, 10)]
    assert CallGraph(calls(*rows)).top_share(1, calls=10) == 0.6
    assert CallGraph(calls(*rows)).top_share(3, calls=10) == 0.8


def test_the_exponent_of_a_power_law_is_found() -> None:
    drawn = np.floor(9.5 * (1 - generator(1, "power law").random(50_000)) ** (-1 / 1.5) + 0.5).astype(np.int64)
    assert tail_exponent(drawn, 10) == pytest.approx(2.5, abs=0.05)


def test_random_calls_are_not_bursty_and_have_no_memory() -> None:
    rng = generator(1, "random")
    waits = Sequences(rng.integers(200, size=20_000), rng.integers(100 * DAY, size=20_000), 20)
    assert waits.burstiness() == pytest.approx(0, abs=0.02)
    assert waits.memory() == pytest.approx(0, abs=0.04)  # a correlation of some hundred waits leans below 0
    assert waits.weibull_share() > 0.9


def test_even_calls_are_the_opposite_of_bursty() -> None:
    started = np.arange(100) * HOUR + generator(1, "even").integers(1_000, size=100)
    assert Sequences(np.zeros(100, dtype=np.int64), started, 20).burstiness() < -0.9


def test_waits_of_a_power_law_are_told_from_weibull_ones() -> None:
    waits = (1 - generator(1, "waits").random((50, 200))) ** -1.2 * 10_000
    started = np.cumsum(waits, axis=1).astype(np.int64).ravel()
    assert Sequences(np.repeat(np.arange(50), 200), started, 20).weibull_share() < 0.1


def test_burstiness_that_is_only_rhythm_goes_with_it() -> None:
    rng = generator(1, "rhythm")
    days, hours = rng.integers(70, size=60_000), rng.integers(9 * HOUR, 12 * HOUR, size=60_000)
    caller, started = rng.integers(100, size=60_000), days * DAY + hours
    assert Sequences(caller, started, 20).burstiness() > 0.2
    assert Sequences(caller, without_rhythm(started), 20).burstiness() == pytest.approx(0, abs=0.03)


def test_trains_with_one_partner_are_counted() -> None:
    assert one_partner_share(calls((1, 2, 0), (1, 2, 5), (1, 2, 100))) == 1
    assert one_partner_share(calls((1, 2, 0), (1, 3, 5), (4, 5, 200), (5, 4, 203))) == pytest.approx(2 / 3)


def test_trains_can_be_more_one_sided_than_links() -> None:
    there = [(1, 2, minute) for minute in range(4)]
    back = [(2, 1, 1_000 + minute) for minute in range(4)]
    turns = [(3, 4, 0), (4, 3, 1), (3, 4, 2), (4, 3, 3), (3, 4, 5_000), (3, 4, 9_000)]
    assert imbalance_within_trains(calls(*there, *back, (1, 2, 9_000)), HOUR) == pytest.approx(9)
    assert imbalance_within_trains(calls(*turns), HOUR) == 0


def test_pairs_that_call_again() -> None:
    day = DAY // MINUTE
    first = [(1, 2, 0), (2, 1, 5), (3, 4, 0), (4, 3, 9), (5, 6, 0), (7, 8, 0), (9, 10, 0)]
    later = [(1, 2, day), (4, 3, day), (6, 5, day)]
    assert mutual_seen_again(calls(*first, *later), 0, 1) == pytest.approx(3)
    assert partners_within(calls(*first, *later), 0, 1) == 1
    assert weight_of_first_links(calls((1, 2, 0), (1, 2, day), (1, 3, day)), 0) == pytest.approx(2 / 1.5)


@pytest.mark.parametrize(("shape", "better"), [("log-logistic", True), ("log-normal", False)])
def test_log_logistic_talk_is_told_from_log_normal_talk(shape: str, better: bool) -> None:
    rng = generator(1, "talk")
    logs = rng.logistic(4, 0.6, 8_000) if shape == "log-logistic" else rng.normal(4, 1, 8_000)
    caller = np.arange(8_000) % 4
    talk = (np.exp(logs) * 1_000).astype(np.int64) + 1
    made = Calls(caller, caller + 10, caller, talk > 0, talk, talk)
    assert (log_logistic_gain(made, callers=4) > 0) is better
