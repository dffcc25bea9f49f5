from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors.evaluation.rings import b_cubed, found_rings

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
