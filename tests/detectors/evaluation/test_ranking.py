from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, precision_recall_curve, roc_auc_score

from detectors.alerts import Suspect
from detectors.alerts import within_budget as chosen_within
from detectors.evaluation.ranking import (
    RECALLS,
    BoolArray,
    FloatArray,
    Ranking,
    alert_order,
    levels_of,
    ranking_quality,
    within_budget,
)
from detectors.work import Raised


def ranking_of(fraud: BoolArray, risk: FloatArray) -> Ranking:
    return levels_of(fraud, risk).ranking(np.ones(len(risk)))


def test_precision_at_a_share_counts_rounded_up() -> None:
    fraud = np.array([True, False, True] + [False] * 17)
    ranking = ranking_of(fraud, np.arange(20, 0, -1).astype(np.float64))
    assert ranking.precision_at(0.01) == 1.0  # 0.2 numbers: 1
    assert ranking.precision_at(0.10) == 0.5
    assert ranking.precision_at(0.11) == pytest.approx(2 / 3)  # 2.2 numbers: 3


def test_ties_at_the_edge_count_as_the_mean_of_all_orders() -> None:
    fraud = np.array([True, True, False, False, False])
    risk = np.array([9.0, 5.0, 5.0, 5.0, 0.0])
    assert ranking_of(fraud, risk).precision_at(0.4) == pytest.approx((1 + 1 / 3) / 2)


def test_recall_at_a_precision_that_is_never_reached_is_nothing() -> None:
    ranking = ranking_of(np.array([False, True, True]), np.array([3.0, 2.0, 1.0]))
    assert ranking.recall_at(0.9) == 0.0
    assert ranking.recall_at(0.5) == 1.0


def test_one_class_alone_cannot_be_ranked() -> None:
    risk = np.array([1.0, 2.0])
    for fraud in (np.array([True, True]), np.array([False, False])):
        assert set(ranking_quality(fraud, risk).values()) == {None}


both_classes = st.lists(st.tuples(st.booleans(), st.integers(0, 6)), min_size=2, max_size=30).filter(
    lambda rows: len({fraud for fraud, _ in rows}) == 2
)


@given(both_classes)
def test_levels_count_what_sklearn_counts(rows: list[tuple[bool, int]]) -> None:
    fraud, risk = np.array([f for f, _ in rows]), np.array([float(r) for _, r in rows])
    ranking = ranking_of(fraud, risk)
    precision, recall, _ = precision_recall_curve(fraud, risk)
    assert ranking.auc == pytest.approx(roc_auc_score(fraud, risk))
    assert ranking.ap == pytest.approx(average_precision_score(fraud, risk))
    assert ranking.recall_at(0.6) == pytest.approx(recall[precision >= 0.6].max(initial=0.0))
    reached = [precision[:-1][recall[:-1] >= at - 1e-9][-1] for at in RECALLS]  # of the highest threshold
    assert ranking.curve() == pytest.approx(np.array(reached))


@given(both_classes, st.data())
def test_a_weight_is_a_number_that_often(rows: list[tuple[bool, int]], data: st.DataObject) -> None:
    fraud, risk = np.array([f for f, _ in rows]), np.array([float(r) for _, r in rows])
    times = np.array(data.draw(st.lists(st.integers(0, 3), min_size=len(rows), max_size=len(rows))))
    times[[int(np.argmax(fraud)), int(np.argmin(fraud))]] += 1  # both classes are there
    weighted = levels_of(fraud, risk).ranking(times.astype(np.float64))
    repeated = ranking_of(np.repeat(fraud, times), np.repeat(risk, times))
    assert weighted.figures() == pytest.approx(repeated.figures())


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
    raised = chosen_within(suspects, Raised(frozenset(), frozenset(), 0), budget).chosen
    alerted = within_budget(alert_order(risk, exposure, 50.0), np.ones(len(risk)), budget)
    assert np.flatnonzero(alerted).tolist() == sorted(s.node for s in raised)


def test_a_budget_is_given_out_by_weight() -> None:
    order = alert_order(np.array([90.0, 60.0, 10.0, 80.0]), np.array([1, 1, 9, 1]), 50.0)
    assert order.tolist() == [0, 3, 1]
    assert within_budget(order, np.array([2.0, 5.0, 7.0, 0.0]), 3).tolist() == [2.0, 1.0, 0.0, 0.0]
