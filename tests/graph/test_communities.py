"""Leiden behind one function: planted groups are found, and nothing but links and seed decides."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import adjusted_rand_score

from configs import load_settings
from graph.communities import communities

SETTINGS = load_settings().communities
Links = tuple[np.ndarray, np.ndarray, np.ndarray]


def _planted(groups: int, size: int, inside: float, noise: int, seed: int) -> tuple[Links, np.ndarray]:
    """Groups with a share `inside` of their possible links, and `noise` weaker links between any two."""
    chance = np.random.default_rng(seed)
    truth = np.repeat(np.arange(groups), size)
    a, b = np.triu_indices(size, 1)
    ends = [
        (a[chosen] + g * size, b[chosen] + g * size) for g in range(groups) if len(chosen := _some(chance, a, inside))
    ]
    stray = chance.integers(0, len(truth), (2, noise))
    stray = stray[:, stray[0] != stray[1]]
    low, high = np.concatenate([e[0] for e in ends]), np.concatenate([e[1] for e in ends])
    weight = np.r_[np.full(len(low), 0.6), np.full(stray.shape[1], 0.1)]
    links = (np.r_[low, stray[0]].astype(np.int32), np.r_[high, stray[1]].astype(np.int32), weight)
    return links, truth


def _some(chance: np.random.Generator, of: np.ndarray, share: float) -> np.ndarray:
    return np.flatnonzero(chance.random(len(of)) < share)


@pytest.mark.parametrize("size", [8, 30])
def test_planted_groups_are_found(size: int) -> None:
    (a, b, weight), truth = _planted(groups=60, size=size, inside=0.6, noise=2_000, seed=size)
    found = communities(len(truth), a, b, weight, SETTINGS.resolution, SETTINGS.seed)
    assert adjusted_rand_score(truth, found) >= 0.95


def test_resolution_is_not_ignored() -> None:
    (a, b, weight), truth = _planted(groups=200, size=6, inside=0.7, noise=3_000, seed=3)
    found = [len(set(communities(len(truth), a, b, weight, r, 1).tolist())) for r in (0.05, 2.0, 200.0)]
    assert found == sorted(set(found))


def test_order_and_direction_of_links_do_not_show() -> None:
    (a, b, weight), truth = _planted(groups=40, size=10, inside=0.5, noise=1_000, seed=5)
    expected = communities(len(truth), a, b, weight, 2.0, 7)
    order = np.random.default_rng(1).permutation(len(a))
    turned = communities(len(truth), b[order], a[order], weight[order], 2.0, 7)
    assert np.array_equal(expected, turned)


def test_unlinked_nodes_stand_alone() -> None:
    found = communities(6, np.array([4, 3], np.int32), np.array([1, 4], np.int32), np.array([1.0, 0.5]), 1.1, 1)
    assert found.tolist() == [0, 1, 2, 1, 1, 3]


def test_no_links_no_ties() -> None:
    nothing = np.empty(0, dtype=np.int32)
    assert communities(3, nothing, nothing, np.empty(0), 2.0, 1).tolist() == [0, 1, 2]


@pytest.mark.parametrize(("b", "weight"), [(0, 1.0), (1, 0.0), (1, -1.0)])
def test_links_that_are_none_are_refused(b: int, weight: float) -> None:
    with pytest.raises(ValueError, match="two different nodes"):
        communities(2, np.array([0], np.int32), np.array([b], np.int32), np.array([weight]), 2.0, 1)


@given(st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11), st.integers(1, 9)), max_size=40))
def test_numbering_and_connectedness(rows: list[tuple[int, int, int]]) -> None:
    """Numbers appear in the order of first members; a community never reaches over what is not connected."""
    kept = [(a, b, w) for a, b, w in rows if a != b]
    a, b, w = (np.array([row[i] for row in kept], dtype=np.int32) for i in range(3))
    found = communities(12, a, b, w / 9, 2.0, 1)
    firsts = [int(np.flatnonzero(found == c)[0]) for c in range(found.max() + 1)]
    assert firsts == sorted(firsts)
    component = list(range(12))
    for _ in range(12):
        for x, y, _w in kept:
            component[x] = component[y] = min(component[x], component[y])
    assert all(len({component[n] for n in np.flatnonzero(found == c)}) == 1 for c in set(found.tolist()))
