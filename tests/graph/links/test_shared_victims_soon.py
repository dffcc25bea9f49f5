"""Victims shared within hours against a comparison of all pairs of calls by hand."""

from __future__ import annotations

from itertools import combinations
from math import log2
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from configs import LinkSettings
from graph.links.shared_victims_soon import soon_shared_victim_links
from graph.links.table import Links
from tests.graph.links.random_calls import (
    CANDIDATES,
    Call,
    callers_of,
    calls_,
    found,
    near,
    pairs_of,
    same,
    settings_with,
    table_of,
)


def _links(calls: list[Call], settings: LinkSettings) -> Links:
    return soon_shared_victim_links(*pairs_of(calls), table_of(calls), callers_of(calls), settings)


def _by_hand(calls: list[Call], settings: LinkSettings) -> dict[tuple[int, int], tuple[int, float]]:
    worth = [1 / log2(1 + max(count, 1)) for count in callers_of(calls)]
    own = {c: sum(worth[v] for v in {call[1] for call in calls if call[0] == c}) for c in CANDIDATES}
    links = {}
    for a, b in combinations(CANDIDATES, 2):
        shared = {
            one[1]
            for one in calls
            for other in calls
            if one[0] == a and other[0] == b and one[1] == other[1]
            if abs(one[2] - other[2]) * 15 <= settings.victim_h * 60
        }
        weight = sum(worth[v] for v in shared) / min(own[a], own[b]) if shared else 0.0
        if len(shared) >= settings.min_shared_soon:
            links[a, b] = (len(shared), near(weight))
    return links


@given(calls_, st.integers(1, 4), st.integers(1, 3))
def test_every_pair_as_by_hand(calls: list[Call], hours: int, least: int) -> None:
    settings = settings_with(victim_h=hours, min_shared_soon=least, min_weight_soon=0.0)
    assert found(_links(calls, settings)) == _by_hand(calls, settings)


@given(calls_, st.integers())
def test_order_and_repeats_do_not_show(calls: list[Call], seed: int) -> None:
    settings = settings_with(min_shared_soon=1, min_weight_soon=0.0)
    again = Random(seed).sample(calls + calls, 2 * len(calls))
    assert same(_links(calls, settings), _links(again, settings))


@pytest.mark.parametrize(("quarters", "linked"), [(96, True), (97, False)])
def test_a_day_is_counted_from_call_to_call(quarters: int, linked: bool) -> None:
    """23:00 and 22:45 of the next day are less than 24 h apart, although the days differ."""
    calls = [(0, 6, 92, 0), (1, 6, 92 + quarters, 0)]
    assert bool(len(_links(calls, settings_with(min_shared_soon=1, min_weight_soon=0.0)))) == linked


def test_light_links_are_left_out() -> None:
    calls = [(0, 6, 1, 0), (1, 6, 2, 0), *((who, 6 + at, 1 + 200 * who, 0) for who in (0, 1) for at in range(1, 6))]
    assert len(_links(calls, settings_with(min_shared_soon=1, min_weight_soon=0.1))) == 1
    assert len(_links(calls, settings_with(min_shared_soon=1, min_weight_soon=0.2))) == 0


def test_a_victim_of_a_hundred_thousand_floods_nothing() -> None:
    """Ten ring two victims of their own beside the one whom everybody rings."""
    count, most = 100_000, 50
    settings = settings_with(max_callers_per_victim=most, min_shared_soon=1, min_weight_soon=0.0)
    crowd = [(caller, count, caller % 96, 0) for caller in range(count)]
    ring = [(caller, count + 1 + victim, caller, 0) for caller in range(10) for victim in range(2)]
    columns = np.array(crowd + ring, dtype=np.int64)
    caller, victim = columns[:, 0].astype(np.int32), columns[:, 1].astype(np.int32)
    called = np.bincount(victim, minlength=count + 3)
    links = soon_shared_victim_links(caller, victim, table_of(crowd + ring), called, settings)
    assert len(links) <= 2 * (most * (most - 1) // 2)
    assert {(a, b) for a in range(10) for b in range(a + 1, 10)} <= set(found(links))
