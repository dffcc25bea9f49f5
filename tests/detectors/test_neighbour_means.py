"""Means over neighbours: checked by hand on four nodes."""

from __future__ import annotations

import numpy as np
import pytest

from detectors.log_scale import signed_expm1, signed_log1p
from detectors.neighbour_means import links, neighbour_means

A, B = np.array([0, 0, 1, 2, 2]), np.array([1, 2, 0, 2, 0])  # 0–1 and 0–2, each given twice; 2–2; 3 is alone


def test_links_are_both_ways_once_and_to_nobody_itself() -> None:
    assert links(4, A, B).toarray().tolist() == [[0, 1, 1, 0], [1, 0, 0, 0], [1, 0, 0, 0], [0, 0, 0, 0]]


def test_the_mean_is_taken_on_the_log_scale() -> None:
    means = neighbour_means({"calls": np.array([5.0, 0.0, 8.0, 1.0])}, links(4, A, B), ["calls"])
    found = means["neighbours_calls"]
    assert found[:3].tolist() == pytest.approx([2.0, 5.0, 5.0])  # sqrt((1+0)·(1+8)) − 1; 5; 5
    assert np.isnan(found[3])


def test_neighbours_without_a_value_do_not_count() -> None:
    means = neighbour_means({"debt": np.array([np.nan, np.nan, -3.0, 1.0])}, links(4, A, B), ["debt"])
    assert means["neighbours_debt"][0] == pytest.approx(-3.0)
    assert np.isnan(means["neighbours_debt"][1:]).all()


def test_the_scale_turns_back() -> None:
    values = np.array([-1e6, -1.0, 0.0, 0.5, 1e9])
    assert signed_expm1(signed_log1p(values)).tolist() == pytest.approx(values.tolist())
    assert signed_log1p(np.array([-(np.e - 1)])).tolist() == pytest.approx([-1.0])
