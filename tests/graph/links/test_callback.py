"""Callback stars against a comparison of all pairs of calls by hand."""

from __future__ import annotations

from itertools import combinations
from math import log2
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from configs import load_settings
from graph.links.callback import callback_links
from graph.links.table import Links
from tests.graph.links.random_calls import (
    CANDIDATES,
    PEOPLE,
    Call,
    callers_of,
    calls_,
    found,
    near,
    same,
    settings_with,
    table_of,
)

backs_ = calls_.map(lambda calls: [(callee, caller, at, talk) for caller, callee, at, talk in calls])


def _links(made: list[Call], backs: list[Call], hours: int = 24, **changes: float) -> Links:
    features = load_settings().features.model_copy(update={"callback_h": hours})
    settings = settings_with(**{"min_shared": 1, "min_weight": 0.0, **changes})
    return callback_links(table_of(made), table_of(backs), callers_of(made), settings, features)


def _follows(call: Call, back: Call, hours: int) -> bool:
    return call[1] == back[0] and 0 < (back[2] - call[2]) * 15 <= hours * 60


def _by_hand(made: list[Call], backs: list[Call], hours: int) -> dict[tuple[int, int], tuple[int, float]]:
    follows = {(call[0], back[1], back[0]) for call in made for back in backs if _follows(call, back, hours)}
    stars = {person: {n for a, b, p in follows if p == person for n in (a, b)} for person in PEOPLE}
    own_backs = {(a, person) for a, b, person in follows if a == b}
    worth = [1 / log2(1 + max(count, 1)) for count in callers_of(made)]
    own = {c: sum(worth[p] for p in PEOPLE if c in stars[p]) for c in CANDIDATES}
    links = {}
    for a, b in combinations(CANDIDATES, 2):
        shared = {p for p in PEOPLE if {(a, b, p), (b, a, p)} & follows or {(a, p), (b, p)} <= own_backs}
        if shared:
            weight = sum(worth[p] for p in shared) / min(own[a], own[b])
            links[a, b] = (len(shared), near(weight))
    return links


@given(calls_, backs_, st.sampled_from([1, 3]))
def test_every_pair_as_by_hand(made: list[Call], backs: list[Call], hours: int) -> None:
    assert found(_links(made, backs, hours)) == _by_hand(made, backs, hours)


@given(calls_, backs_, st.integers())
def test_order_and_repeats_do_not_show(made: list[Call], backs: list[Call], seed: int) -> None:
    chance = Random(seed)
    made_, backs_again = (chance.sample(rows + rows, 2 * len(rows)) for rows in (made, backs))
    assert same(_links(made, backs), _links(made_, backs_again))


def test_who_rings_another_number_than_the_one_that_called_links_both() -> None:
    assert found(_links([(0, 6, 0, 0)], [(6, 1, 96, 9)])) == {(0, 1): (1, 1.0)}
    assert found(_links([(0, 6, 0, 0)], [(6, 1, 97, 9)])) == {}
    assert found(_links([(0, 6, 0, 0)], [(6, 1, 0, 9)])) == {}


def test_who_rings_both_back_links_both_however_far_apart() -> None:
    assert found(_links([(0, 6, 0, 0), (1, 6, 300, 0)], [(6, 0, 1, 9), (6, 1, 301, 9)])) == {(0, 1): (1, 1.0)}


def test_a_crowded_star_is_capped() -> None:
    made = [(who, 6, who, 0) for who in CANDIDATES]
    backs = [(6, who, 20 + who, 1) for who in CANDIDATES]
    assert len(_links(made, backs)) == 15
    assert len(_links(made, backs, max_callers_per_victim=3)) == 3
