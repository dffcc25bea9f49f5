"""Re-weighted figures, worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from detectors.evaluation.reweighting import flagged_share, ranked, weights_at


def test_weights_sum_to_one_with_the_share_on_fraud() -> None:
    fraud = np.array([True, True, False, False, False, False])
    weights = weights_at(0.05, fraud)
    assert weights.tolist() == pytest.approx([0.025, 0.025, *[0.2375] * 4])


def test_a_world_of_a_twentieth_keeps_its_figure() -> None:
    fraud = np.arange(40) < 2
    scores = np.array([5.0, 1.0, 4.0, *[0.0] * 37])
    figures = ranked(fraud, scores)
    assert figures["ap"] == figures["ap_at_5pct"] == pytest.approx((1 + 2 / 3) / 2)


def test_rarer_fraud_counts_for_more_when_reweighted() -> None:
    fraud = np.arange(100) == 0
    scores = np.where(np.arange(100) == 1, 2.0, np.where(fraud, 1.0, 0.0))  # one innocent is above
    figures = ranked(fraud, scores)
    assert figures["ap"] == pytest.approx(1 / 2)
    assert figures["ap_at_5pct"] == pytest.approx(0.05 / (0.05 + 0.95 / 99))
    assert figures["auc"] == pytest.approx(98 / 99)


def test_scores_that_say_nothing_find_the_share() -> None:
    figures = ranked(np.arange(200) == 0, np.ones(200))
    assert figures == {"auc": 0.5, "ap": 0.005, "ap_at_5pct": 0.05}


def test_equal_scores_at_the_edge_share_what_is_left() -> None:
    assert flagged_share(np.array([3.0, 1.0, 1.0, 0.0]), 2).tolist() == [1.0, 0.5, 0.5, 0.0]
    assert flagged_share(np.array([3.0, 2.0, 1.0]), 2).tolist() == [1.0, 1.0, 0.0]
