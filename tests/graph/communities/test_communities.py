"""One function for communities: nothing but links, start and seed decides, and links that are none are refused."""

from __future__ import annotations

from typing import get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import adjusted_rand_score

from graph.communities import Form, communities
from tests.graph.communities.planted import MIXED, Planted, planted

FORMS = get_args(Form)
ONE = np.array([0.5])


def _found(network: Planted, resolution: float | None, seed: int = 20, form: Form = "modularity") -> np.ndarray:
    return communities(len(network.truth), network.a, network.b, network.weight, resolution, seed, form=form)


@pytest.mark.parametrize(("form", "resolutions"), [("modularity", (0.05, 2, 200)), ("constant_potts", (0.001, 0.2, 3))])
def test_resolution_is_not_ignored(form: Form, resolutions: tuple[float, ...]) -> None:
    network = planted([6] * 200, 6, 0.3, seed=3)
    sizes = [len(np.unique(_found(network, resolution, form=form))) for resolution in resolutions]
    assert sizes == sorted(set(sizes))


def test_constant_potts_keeps_together_what_is_tied_by_its_resolution() -> None:
    """Two cliques of other ties: each holds until the resolution is its own mean tie, however strong the other is."""
    low, high = np.triu_indices(6, 1)
    a, b = np.r_[low, low + 6].astype(np.int32), np.r_[high, high + 6].astype(np.int32)
    weight = np.repeat([0.3, 30.0], len(low))
    found = {r: communities(12, a, b, weight, r, 1, form="constant_potts").max() + 1 for r in (0.2, 0.4, 40.0)}
    assert found == {0.2: 2, 0.4: 7, 40.0: 12}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("resolution", [None, 0.5])
def test_order_and_direction_of_links_do_not_show(form: Form, resolution: float | None) -> None:
    network = planted(MIXED[-120:], 8, 0.3, seed=5).with_weights(seed=1)
    order = np.random.default_rng(1).permutation(len(network.a))
    turned = Planted(network.truth, network.b[order], network.a[order], network.weight[order])
    assert np.array_equal(_found(network, resolution, form=form), _found(turned, resolution, form=form))


def test_start_does_not_make_order_show() -> None:
    network = planted([20] * 30, 10, 0.4, seed=5)
    begun = _found(network, 0.5)
    order = np.random.default_rng(2).permutation(len(network.a))
    ends = (network.a, network.b), (network.b[order], network.a[order])
    one, other = (communities(600, a, b, network.weight, None, 3, start=begun) for a, b in ends)
    assert np.array_equal(one, other)


def test_links_of_one_pair_are_added() -> None:
    network = planted([10] * 20, 6, 0.3, seed=6)
    halves = np.tile(network.weight / 2, 2)
    doubled = Planted(network.truth, np.tile(network.a, 2), np.r_[network.b, network.b], halves)
    assert np.array_equal(_found(network, None), _found(doubled, None))


@pytest.mark.parametrize("scale", [1e-6, 1e6])
def test_the_unit_of_weights_does_not_show(scale: float) -> None:
    network = planted([5] * 20 + [40] * 4, 12, 0.3, seed=7).with_weights(seed=2)
    other = Planted(network.truth, network.a, network.b, network.weight * scale)
    assert adjusted_rand_score(_found(network, None), _found(other, None)) >= 0.99


def test_numbering_nodes_otherwise_changes_little() -> None:
    network = planted(MIXED, 18, 0.2, seed=8)
    place = np.random.default_rng(3).permutation(len(network.truth)).astype(np.int32)
    found = communities(len(place), place[network.a], place[network.b], network.weight, None, 20)
    assert adjusted_rand_score(_found(network, None), found[place]) >= 0.97


def test_unlinked_nodes_stand_alone() -> None:
    a, b, weight = np.array([4, 3], np.int32), np.array([1, 4], np.int32), np.array([1.0, 0.5])
    assert communities(6, a, b, weight, 1.1, 1).tolist() == [0, 1, 2, 1, 1, 3]
    begun = np.array([7, 7, 7, 7, 7, 7], np.int32)
    assert communities(6, a, b, weight, 1.1, 1, start=begun).tolist() == [0, 1, 2, 1, 1, 3]


@pytest.mark.parametrize("count", [2, 3, 9])
def test_all_with_all_are_one_community(count: int) -> None:
    low, high = (end.astype(np.int32) for end in np.triu_indices(count, 1))
    for form in FORMS:
        assert set(communities(count, low, high, np.full(len(low), 0.7), None, 1, form=form).tolist()) == {0}


@pytest.mark.parametrize("resolution", [None, 2.0])
def test_no_links_no_ties(resolution: float | None) -> None:
    nothing = np.empty(0, dtype=np.int32)
    assert communities(3, nothing, nothing, np.empty(0), resolution, 1).tolist() == [0, 1, 2]
    assert communities(0, nothing, nothing, np.empty(0), resolution, 1).tolist() == []


@pytest.mark.parametrize(("a", "b", "weight"), [(0, 0, 1.0), (0, 1, 0.0), (0, 1, -1.0), (0, 1, np.nan), (0, 1, np.inf)])
def test_links_that_are_none_are_refused(a: int, b: int, weight: float) -> None:
    with pytest.raises(ValueError, match="two different nodes"):
        communities(2, np.array([a], np.int32), np.array([b], np.int32), np.array([weight]), 2.0, 1)


@pytest.mark.parametrize("ends", [(0, 2), (-1, 1)])
def test_nodes_that_are_none_are_refused(ends: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="nodes 0 to 1"):
        communities(2, np.array(ends[:1], np.int32), np.array(ends[1:], np.int32), ONE, None, 1)


@pytest.mark.parametrize("resolution", [0.0, -1.0, np.nan, np.inf])
def test_resolutions_that_are_none_are_refused(resolution: float) -> None:
    with pytest.raises(ValueError, match="resolution is a positive number"):
        communities(2, np.array([0], np.int32), np.array([1], np.int32), ONE, resolution, 1)


def test_columns_of_other_lengths_are_refused() -> None:
    pair = np.array([0], np.int32), np.array([1], np.int32)
    with pytest.raises(ValueError, match="one row a link"):
        communities(2, *pair, np.array([1.0, 1.0]), None, 1)
    with pytest.raises(ValueError, match="start one a node"):
        communities(2, *pair, ONE, None, 1, start=np.zeros(3, np.int32))


@given(
    st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11), st.integers(1, 9)), max_size=40),
    st.sampled_from([None, 2.0]),
    st.sampled_from(FORMS),
    st.none() | st.lists(st.integers(-1, 4), min_size=12, max_size=12),
)
def test_numbering_and_connectedness(
    rows: list[tuple[int, int, int]], resolution: float | None, form: Form, start: list[int] | None
) -> None:
    """Numbers appear in the order of first members; a community never reaches over what is not connected."""
    kept = [(a, b, w) for a, b, w in rows if a != b]
    a, b, w = (np.array([row[i] for row in kept], dtype=np.int32) for i in range(3))
    begun = None if start is None else np.array(start, np.int32)
    found = communities(12, a, b, w / 9, resolution, 1, form=form, start=begun)
    firsts = [int(np.flatnonzero(found == c)[0]) for c in range(found.max() + 1)]
    assert firsts == sorted(firsts)
    component = list(range(12))
    for _ in range(12):
        for x, y, _w in kept:
            component[x] = component[y] = min(component[x], component[y])
    assert all(len({component[n] for n in np.flatnonzero(found == c)}) == 1 for c in set(found.tolist()))
