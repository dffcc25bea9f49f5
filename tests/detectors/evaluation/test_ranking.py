from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors.alerts import Suspect, within_budget
from detectors.evaluation.ranking import alerted, precision_at, ranking_quality, recall_at_precision
from detectors.work import Raised


def test_precision_at_a_share_counts_rounded_up() -> None:
    fraud = np.array([True, False, True] + [False] * 17)
    risk = np.arange(20, 0, -1).astype(np.float64)
    assert precision_at(fraud, risk, 0.01) == 1.0  # 0.2 numbers: 1
    assert precision_at(fraud, risk, 0.10) == 0.5
    assert precision_at(fraud, risk, 0.11) == pytest.approx(2 / 3)  # 2.2 numbers: 3


def test_ties_at_the_edge_count_as_the_mean_of_all_orders() -> None:
    fraud = np.array([True, True, False, False, False])
    risk = np.array([9.0, 5.0, 5.0, 5.0, 0.0])
    assert precision_at(fraud, risk, 0.4) == pytest.approx((1 + 1 / 3) / 2)


def test_recall_at_a_precision_that_is_never_reached_is_nothing() -> None:
    fraud, risk = np.array([False, True, True]), np.array([3.0, 2.0, 1.0])
    assert recall_at_precision(fraud, risk, 0.9) == 0.0
    assert recall_at_precision(fraud, risk, 0.5) == 1.0


def test_one_class_alone_cannot_be_ranked() -> None:
    risk = np.array([1.0, 2.0])
    for fraud in (np.array([True, True]), np.array([False, False])):
        assert set(ranking_quality(fraud, risk).values()) == {None}


rows = st.lists(st.tuples(st.sampled_from([10.0, 50.0, 60.0, 90.0]), st.integers(0, 4)), max_size=12)


@given(rows, st.integers(1, 6))
def test_the_operating_point_is_that_of_the_alerts(numbers: list[tuple[float, int]], budget: int) -> None:
    risk = np.array([value for value, _ in numbers], dtype=np.float64)
    exposure = np.array([reached for _, reached in numbers], dtype=np.int64)
    suspects = [
        Suspect(node, "generic", str(node), value, reached, None, None, is_proven=False)
        for node, (value, reached) in enumerate(numbers)
        if value >= 50
    ]
    raised = within_budget(suspects, Raised(frozenset(), frozenset(), 0), budget).chosen
    assert np.flatnonzero(alerted(risk, exposure, 50.0, budget)).tolist() == sorted(s.node for s in raised)
