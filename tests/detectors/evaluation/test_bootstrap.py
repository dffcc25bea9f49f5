from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors.evaluation.bootstrap import RESAMPLES, cluster_weights, interval, own_clusters, ratio
from detectors.evaluation.ring_intervals import found_counts, found_interval


def shares(cluster: list[int], hit: list[bool]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    weights = np.stack(list(cluster_weights(np.array(cluster))))
    return ratio(weights @ np.array(hit, dtype=np.float64), weights.sum(axis=1))


@given(st.lists(st.integers(0, 3), min_size=1, max_size=20))
def test_as_many_clusters_are_drawn_as_there_are_and_members_stay_together(group: list[int]) -> None:
    cluster = own_clusters(np.array(group))
    first = np.unique(cluster, return_index=True)[1]
    for weight in list(cluster_weights(cluster))[:20]:
        assert weight[first].sum() == len(first)
        assert (weight == weight[first][cluster]).all()


def test_the_same_seed_draws_the_same() -> None:
    cluster = np.arange(9)
    draws = [np.stack(list(cluster_weights(cluster, seed))) for seed in (1, 1, 2)]
    assert len(draws[0]) == RESAMPLES
    assert (draws[0] == draws[1]).all()
    assert (draws[0] != draws[2]).any()


def test_nobody_to_draw_from_is_no_weight() -> None:
    assert {len(weight) for weight in cluster_weights(np.empty(0, dtype=np.int64))} == {0}


def test_numbers_of_no_ring_are_clusters_of_their_own() -> None:
    assert own_clusters(np.array([4, -1, 4, -1, 0])).tolist() == [1, 2, 1, 3, 0]


def test_members_that_behave_alike_say_less_than_as_many_strangers() -> None:
    """Of 10 rings with 10 members each 5 are caught whole: sd 0.158; of 100 strangers 50: sd 0.05."""
    hit = [ring < 5 for ring in range(10) for _ in range(10)]
    of_rings = interval(shares([ring for ring in range(10) for _ in range(10)], hit))
    of_strangers = interval(shares(list(range(100)), hit))
    assert of_rings == pytest.approx([0.5 - 1.96 * 0.158, 0.5 + 1.96 * 0.158], abs=0.06)
    assert of_strangers == pytest.approx([0.5 - 1.96 * 0.05, 0.5 + 1.96 * 0.05], abs=0.02)


def test_the_interval_of_a_mean_holds_the_truth_about_as_often_as_it_says() -> None:
    draw = np.random.default_rng(3)
    held = 0
    for seed in range(200):
        values = draw.normal(size=40)
        means = np.array([weight @ values / 40 for weight in cluster_weights(np.arange(40), seed)])
        low, high = interval(means) or [0.0, 0.0]
        held += low <= 0.0 <= high
    assert 0.88 <= held / 200 <= 0.98


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=50))
def test_an_interval_lies_within_the_values(values: list[float]) -> None:
    low, high = interval(np.array([*values, np.nan])) or [1.0, 0.0]
    assert min(values) - 1e-6 <= low <= high <= max(values) + 1e-6


def test_where_nothing_could_be_counted_there_is_no_interval() -> None:
    assert interval(np.full(5, np.nan)) is None
    assert np.isnan(ratio(np.zeros(2), np.zeros(2))).all()


def test_of_two_rings_one_found_anything_may_be() -> None:
    counts = found_counts(np.array([True, False]))
    assert set(counts.tolist()) == {0.0, 1.0, 2.0}
    assert np.mean(counts == 1.0) == pytest.approx(0.5, abs=0.08)
    assert found_interval(np.array([True, False])) == [0.0, 2.0]


def test_one_ring_says_nothing_of_others() -> None:
    assert found_interval(np.array([True])) is None
