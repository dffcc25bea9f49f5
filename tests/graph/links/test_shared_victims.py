"""Shared-victim links against a count of every pair by hand."""

from __future__ import annotations

from itertools import combinations
from math import log2

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from configs import LinkSettings, load_settings
from graph.links.hashing import mixed
from graph.links.shared_victims import shared_victim_links
from graph.links.table import Links

NODES = 30
Pairs = list[tuple[int, int]]
pairs_ = st.lists(st.tuples(st.integers(0, 9), st.integers(5, NODES - 1)), max_size=120)


def _settings(**changes: float) -> LinkSettings:
    return load_settings().links.model_copy(update=changes)


def _links(pairs: Pairs, settings: LinkSettings, callers_of: np.ndarray | None = None) -> Links:
    columns = np.array(pairs, dtype=np.int32).reshape(-1, 2)
    counts = _callers_of(pairs) if callers_of is None else callers_of
    return shared_victim_links(columns[:, 0], columns[:, 1], counts, settings)


def _callers_of(pairs: Pairs) -> np.ndarray:
    victims = [victim for _, victim in set(pairs)]
    return np.bincount(np.array(victims, dtype=np.int64), minlength=NODES)


def _who_count(callers: set[int], most: int) -> set[int]:
    return set(sorted(callers, key=lambda caller: int(mixed(np.array([caller], dtype=np.int32))[0]))[:most])


def _by_hand(pairs: Pairs, settings: LinkSettings) -> dict[tuple[int, int], tuple[int, float]]:
    callers_of = _callers_of(pairs)
    victims: dict[int, set[int]] = {}
    for caller, victim in set(pairs):
        if caller in _who_count({c for c, v in pairs if v == victim != c}, settings.max_callers_per_victim):
            victims.setdefault(caller, set()).add(victim)
    worth = {v: 1 / log2(1 + callers_of[v]) for _, v in pairs}
    found = {}
    for a, b in combinations(sorted(victims), 2):
        shared = victims[a] & victims[b]
        least = min(sum(worth[v] for v in victims[x]) for x in (a, b))
        weight = sum(worth[v] for v in shared) / least
        if len(shared) >= settings.min_shared:
            found[a, b] = (len(shared), weight)
    return found


@given(pairs_, st.integers(1, 4), st.integers(2, 6))
def test_every_pair_as_by_hand(pairs: Pairs, min_shared: int, cap: int) -> None:
    settings = _settings(min_shared=min_shared, min_weight=0.0, max_callers_per_victim=cap)
    links = _links(pairs, settings)
    expected = _by_hand(pairs, settings)
    assert list(zip(links.a.tolist(), links.b.tolist(), strict=True)) == sorted(expected)
    for a, b, shared, weight in zip(links.a, links.b, links.shared, links.weight, strict=True):
        assert shared == expected[a, b][0]
        assert weight == pytest.approx(expected[a, b][1], abs=2e-5)
        assert 0 < weight <= 1


@given(pairs_, st.randoms(use_true_random=False))
def test_order_and_repeats_do_not_show(pairs: Pairs, chance: object) -> None:
    settings = _settings(min_shared=1, min_weight=0.0)
    again = pairs + pairs
    chance.shuffle(again)  # type: ignore[attr-defined]  # Hypothesis gives a random.Random
    one, other = _links(pairs, settings), _links(again, settings)
    for name in ("a", "b", "shared", "weight"):
        assert np.array_equal(getattr(one, name), getattr(other, name))


def test_everybodys_callee_says_less() -> None:
    """Two share a victim that 3 call and own one each: 1 / log2(4) against 1 / log2(4) + 1 / log2(2)."""
    callers_of = np.zeros(NODES, dtype=np.int64)
    callers_of[[10, 11, 12]] = (3, 1, 1)
    links = _links([(0, 10), (1, 10), (0, 11), (1, 12)], _settings(min_shared=1, min_weight=0.0), callers_of)
    assert links.weight.tolist() == [round(0.5 / 1.5, 9)]
    assert links.reason == "shared_victims"


def test_of_a_hotlines_callers_a_few_count() -> None:
    hotline = [(caller, 20) for caller in range(5)]
    assert len(_links(hotline, _settings(min_shared=1, max_callers_per_victim=4))) == 6
    assert len(_links(hotline, _settings(min_shared=1, max_callers_per_victim=5))) == 10


def test_light_links_are_left_out() -> None:
    pairs = [(0, 10), (1, 10), *((0, v) for v in range(11, 16)), *((1, v) for v in range(20, 25))]
    assert len(_links(pairs, _settings(min_shared=1, min_weight=0.09))) == 1
    assert len(_links(pairs, _settings(min_shared=1, min_weight=0.2))) == 0


def test_no_candidates_no_links() -> None:
    assert len(_links([], _settings())) == 0
