from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors.evaluation.rings import b_cubed, found_rings, of_organisations, ring_quality
from detectors.evaluation.truth import Names, NodeTruth, Silent

TRUE = np.array([0] * 5 + [1] * 2 + [2] * 5)


def test_b_cubed_of_the_two_responses_in_its_paper() -> None:
    """Bagga and Baldwin 1998, figure 4: joining the small cluster to a large one costs less than joining two large."""
    one, two = b_cubed(TRUE, np.array([0] * 5 + [1] * 7)), b_cubed(TRUE, np.array([0] * 5 + [1] * 2 + [0] * 5))
    assert one == pytest.approx((16 / 21, 1.0))
    assert two == pytest.approx((7 / 12, 1.0))


def test_everybody_alone_has_full_precision() -> None:
    assert b_cubed(TRUE, np.arange(12)) == pytest.approx((1.0, 3 / 12))


def test_nothing_to_compare() -> None:
    nothing = np.empty(0, dtype=np.int64)
    assert b_cubed(nothing, nothing) == (None, None)


clusters = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=30)


@given(clusters)
def test_b_cubed_equals_its_definition(items: list[tuple[int, int]]) -> None:
    true, predicted = (np.array(codes, dtype=np.int64) for codes in zip(*items, strict=True))
    by_item = [
        (
            ((true == t) & (predicted == p)).sum() / (predicted == p).sum(),
            ((true == t) & (predicted == p)).sum() / (true == t).sum(),
        )
        for t, p in items
    ]
    precision, recall = b_cubed(true, predicted)
    assert precision == pytest.approx(np.mean([p for p, _ in by_item]), abs=1e-8)
    assert recall == pytest.approx(np.mean([r for _, r in by_item]), abs=1e-8)


def test_half_of_a_ring_in_one_campaign_is_enough() -> None:
    ring = np.array([0, 0, 0, 0, 1, 1, 1, -1])
    assert found_rings(ring, np.array([5, 5, -1, -1, 5, -1, -1, 5]), 2).tolist() == [True, False]
    assert found_rings(ring, np.array([5, 6, -1, -1, 6, 6, 7, 7]), 2).tolist() == [False, True]  # 0 is torn apart


def test_without_campaigns_no_ring_is_found() -> None:
    assert found_rings(np.array([0, 0]), np.array([-1, -1]), 1).tolist() == [False]


@given(clusters)
def test_b_cubed_swaps_with_its_sides_and_knows_no_names(items: list[tuple[int, int]]) -> None:
    true, predicted = (np.array(codes, dtype=np.int64) for codes in zip(*items, strict=True))
    precision, recall = b_cubed(true, predicted)
    assert b_cubed(predicted, true) == (recall, precision)
    assert b_cubed(7 - true, predicted + 3) == (precision, recall)
    assert precision is not None
    assert recall is not None
    assert 0 < precision <= 1
    assert 0 < recall <= 1


@given(st.lists(st.integers(0, 4), min_size=1, max_size=30))
def test_the_same_clusters_are_perfect(codes: list[int]) -> None:
    one = np.array(codes, dtype=np.int64)
    assert b_cubed(one, one) == (1.0, 1.0)


@given(clusters)
def test_splitting_what_was_reported_never_lowers_precision(items: list[tuple[int, int]]) -> None:
    true, predicted = (np.array(codes, dtype=np.int64) for codes in zip(*items, strict=True))
    whole, pieces = b_cubed(true, predicted), b_cubed(true, predicted * 5 + true)
    assert pieces[0] == 1.0
    assert whole[0] is not None
    assert (pieces[0], pieces[1]) >= (whole[0], whole[1])
    assert pieces[1] == whole[1]  # pieces by true ring leave what lies in both together


def test_rings_that_came_of_each_other_are_one_organisation() -> None:
    none = np.full(6, -1)
    truth = NodeTruth(
        known=np.ones(6, dtype=np.bool_),
        fraud=np.ones(6, dtype=np.bool_),
        label=np.zeros(6, dtype=np.int64),
        fraud_type=Names((), none),
        ring=Names(("A", "B", "C"), np.array([0, 0, 1, 1, 2, 2])),
        look_alike=Names((), none),
        silent=Silent(fraud_type=np.array([0]), ring=np.array([1])),
        left_out=0,
        rings_left_out=0,
    )
    reported = np.array([0, 0, 0, 0, 1, 1])  # A and B as one campaign
    apart, together = (ring_quality(of, reported) for of in (truth, of_organisations(truth, {"A": 0, "B": 0, "C": 1})))
    assert apart.precision == pytest.approx((4 * 2 / 4 + 2 + 1) / 7)
    assert (together.precision, together.found.tolist()) == (1.0, [True, True])
    assert together.recall == pytest.approx((4 * 4 / 5 + 1 / 5 + 2) / 7)  # one of the five was silent
