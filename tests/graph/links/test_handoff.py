"""Hand-offs against a comparison of all pairs of calls by hand."""

from __future__ import annotations

from itertools import combinations
from math import log2
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from configs import load_settings
from graph.links.handoff import handoff_links
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


def _links(calls: list[Call], minutes: int = 60, **changes: float) -> Links:
    spoken_to = pairs_of([call for call in calls if call[3]])
    features = load_settings().features.model_copy(update={"handoff_min": minutes})
    settings = settings_with(**{"min_handoffs": 1, "min_weight": 0.0, **changes})
    return handoff_links(*spoken_to, table_of(calls), callers_of(calls), settings, features)


def _by_hand(calls: list[Call], minutes: int) -> dict[tuple[int, int], tuple[int, float]]:
    worth = [1 / log2(1 + max(count, 1)) for count in callers_of(calls)]
    own = {c: sum(worth[v] for v in {call[1] for call in calls if call[0] == c and call[3]}) for c in CANDIDATES}
    links = {}
    for pair in combinations(CANDIDATES, 2):
        handed = {
            one[1]
            for one in calls
            for other in calls
            if {one[0], other[0]} == set(pair) and one[1] == other[1]
            if one[3] and other[3] >= 5 and 0 < (other[2] - one[2]) * 15 <= minutes
        }
        if handed:
            weight = sum(worth[v] for v in handed) / min(own[c] for c in pair)
            links[pair] = (len(handed), near(weight))
    return links


@given(calls_, st.sampled_from([15, 60, 180]))
def test_every_pair_as_by_hand(calls: list[Call], minutes: int) -> None:
    assert found(_links(calls, minutes)) == _by_hand(calls, minutes)


@given(calls_, st.integers())
def test_order_and_repeats_do_not_show(calls: list[Call], seed: int) -> None:
    again = Random(seed).sample(calls + calls, 2 * len(calls))
    assert same(_links(calls), _links(again))


def test_a_short_or_a_late_talk_is_no_handoff() -> None:
    assert found(_links([(0, 6, 0, 1), (1, 6, 4, 5)])) == {(0, 1): (1, 1.0)}
    assert found(_links([(0, 6, 0, 1), (1, 6, 4, 1)])) == {}
    assert found(_links([(0, 6, 0, 1), (1, 6, 5, 5)])) == {}
    assert found(_links([(0, 6, 0, 0), (1, 6, 4, 5)])) == {}


def test_few_handoffs_are_chance() -> None:
    calls = [(0, 6, 0, 1), (1, 6, 4, 5), (0, 7, 0, 1), (1, 7, 4, 5)]
    assert found(_links(calls, min_handoffs=2)) == {(0, 1): (2, 1.0)}
    assert found(_links(calls, min_handoffs=3)) == {}


def test_a_crowded_victim_is_capped() -> None:
    crowd = [(who, 6, at, 9) for at, who in enumerate(CANDIDATES)]
    assert len(_links(crowd, 600)) == 15
    assert len(_links(crowd, 600, max_callers_per_victim=3)) == 3
