"""Links by what numbers have in common: devices, SIMs, cells, targets, trunks and ranges."""

from __future__ import annotations

from itertools import combinations
from math import log2
from random import Random

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from graph.links.candidate_calls import Held
from graph.links.cell import cell_links
from graph.links.device import device_links
from graph.links.forwarding import forwarding_links
from graph.links.range_rhythm import range_links
from graph.links.rhythm import FEATURES, likeness, rhythms
from graph.links.sim import sim_links
from graph.links.table import Integers
from graph.links.trunk import trunk_links
from tests.graph.links.random_calls import found, near, same

NODES, KEYS = 8, 5
Rows = list[tuple[int, int]]
rows_ = st.sets(st.tuples(st.integers(0, NODES - 1), st.integers(0, KEYS - 1))).map(sorted)
rhythm_ = st.lists(st.lists(st.integers(0, 1000), min_size=3, max_size=3), min_size=NODES, max_size=NODES).map(np.array)


def _held(rows: Rows) -> Held:
    columns = np.array(rows, dtype=np.int64).reshape(-1, 2)
    return Held(columns[:, 0].astype(np.int32), columns[:, 1])


def _shared(rows: Rows, a: int, b: int) -> set[int]:
    return {key for node, key in rows if node == a} & {key for node, key in rows if node == b}


def _others(rows: Rows, extra: int) -> Integers:
    """How many have each key: the candidates, and as many as `extra` beside them."""
    return np.bincount(_held(rows).key, minlength=KEYS) + extra


@given(rows_, st.integers(0, 9))
def test_what_few_have_ties_by_one_over_the_logarithm_of_how_many(rows: Rows, extra: int) -> None:
    holders = _others(rows, extra)
    expected = {
        pair: (len(shared), near(min(sum(1 / log2(holders[key]) for key in shared), 1.0)))
        for pair in combinations(range(NODES), 2)
        if (shared := _shared(rows, *pair))
    }
    for reason, links in {"device": device_links, "sim": sim_links, "cell": cell_links}.items():
        made = links(_held(rows), holders, 99)
        assert made.reason == reason
        assert found(made) == expected


@given(rows_)
def test_a_target_is_held_by_those_who_forward_to_it(rows: Rows) -> None:
    assert found(forwarding_links(_held(rows), 99)) == found(device_links(_held(rows), _others(rows, 0), 99))


@given(rows_, rhythm_, st.sampled_from([0.0, 0.6, 0.8]))
def test_a_trunk_ties_those_of_one_rhythm(rows: Rows, rhythm: Integers, least: float) -> None:
    holders = _others(rows, 0)
    expected = {}
    for pair in combinations(range(NODES), 2):
        shared = _shared(rows, *pair)
        alike = 1 - np.abs(rhythm[pair[0]] - rhythm[pair[1]]).sum() / 3000
        if shared and round(alike, 9) >= least:
            worth = min(sum(1 / log2(holders[key]) for key in shared), 1.0)
            expected[pair] = (len(shared), near(worth * alike))
    assert found(trunk_links(_held(rows), rhythm, least, 99)) == expected


@given(st.lists(st.integers(0, KEYS - 1), min_size=NODES, max_size=NODES), rhythm_, st.integers(0, 5))
def test_a_range_ties_those_of_one_rhythm_by_how_much_of_it_is_suspect(
    keys: list[int], rhythm: Integers, extra: int
) -> None:
    rows = list(enumerate(keys))
    expected = {}
    for a, b in combinations(range(NODES), 2):
        alike = 1 - np.abs(rhythm[a] - rhythm[b]).sum() / 3000
        if keys[a] == keys[b] and round(alike, 9) >= 0.7:
            suspect = keys.count(keys[a])
            expected[a, b] = (1, near(alike * suspect / (suspect + extra)))
    assert found(range_links(_held(rows), _others(rows, extra), rhythm, 0.7, 99)) == expected


@given(rows_, rhythm_, st.integers())
def test_the_order_of_rows_does_not_show(rows: Rows, rhythm: Integers, seed: int) -> None:
    again = Random(seed).sample(rows, len(rows))
    holders = _others(rows, 3)
    assert same(device_links(_held(rows), holders, 2), device_links(_held(again), holders, 2))
    assert same(trunk_links(_held(rows), rhythm, 0.5, 2), trunk_links(_held(again), rhythm, 0.5, 2))
    assert same(range_links(_held(rows), holders, rhythm, 0.5, 2), range_links(_held(again), holders, rhythm, 0.5, 2))


def test_a_cell_a_trunk_or_a_range_of_a_hundred_thousand_floods_nothing() -> None:
    count, most = 100_000, 30
    crowd = Held(np.arange(count, dtype=np.int32), np.zeros(count, dtype=np.int64))
    pair = Held(np.array([5, 99_999], dtype=np.int32), np.ones(2, dtype=np.int64))
    held = Held(*(np.concatenate([getattr(crowd, name), getattr(pair, name)]) for name in ("node", "key")))
    holders, rhythm = np.array([count, 2]), np.zeros((count, 3), dtype=np.int64)
    bound = most * (most - 1) // 2 + 1
    for links in (
        cell_links(held, holders, most),
        trunk_links(held, rhythm, 0.9, most),
        range_links(held, holders, rhythm, 0.9, most),
    ):
        assert most < len(links) <= bound
        assert (5, 99_999) in found(links)


def test_rhythm_is_of_shares_and_of_logarithms() -> None:
    names = {name: [0.0, 1.0, None] for name in FEATURES}
    steps = rhythms(pa.table({**names, "acd": [3_600.0, 59.0, None]}))
    assert steps[0].tolist() == [0, 0, 0, 0, 0, 0, 1000]
    assert steps[1].tolist() == [1000] * 5 + [100, 500]
    assert steps[2].tolist() == [0] * 7
    nodes = np.array([0, 1, 2], dtype=np.int32)
    assert likeness(steps, nodes, nodes).tolist() == [1.0, 1.0, 1.0]
    assert likeness(steps, nodes[:1], nodes[2:]).tolist() == [round(1 - 1 / 7, 9)]
