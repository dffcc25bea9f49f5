from __future__ import annotations

import numpy as np
import pytest

from detectors.peers import compared_features, deviations, peers_of

COLUMNS = {"attempts": np.array([9.0, 9.0, 9.0, 999.0]), "fanout": np.array([0.2, 0.3, np.nan, 0.9])}


def test_only_features_of_the_catalogue_are_compared_and_none_twice() -> None:
    there = {name: np.zeros(1) for name in ("attempts", "total_calls", "night_call_ratio", "fanout", "unheard_of")}
    assert compared_features(there) == ["attempts", "fanout"]


def test_a_new_group_of_the_catalogue_is_not_compared_by_itself() -> None:
    there = {name: np.zeros(1) for name in ("attempts", "sms_share", "callee_mean_asr", "cells")}
    assert compared_features(there) == ["attempts"]


def test_typical_is_the_median_of_the_known() -> None:
    peers = peers_of(COLUMNS, ["attempts", "fanout"], np.array([True, True, True, False]))
    np.testing.assert_allclose(peers.typical, [9.0, 0.25])


def test_deviations_are_on_the_scale_of_comparison_and_unknown_is_none() -> None:
    peers = peers_of(COLUMNS, ["attempts", "fanout"], np.array([True, True, True, False]))
    found = deviations(COLUMNS, peers, np.array([2, 3]))
    assert found[0].tolist() == [0.0, 0.0]
    assert found[1, 0] == pytest.approx((np.log1p(999) - np.log1p(9)) / 0.25)
    assert found[1, 1] == pytest.approx(0.65 / 0.05)


def test_a_feature_nobody_has_deviates_nowhere() -> None:
    peers = peers_of({"acd": np.full(2, np.nan)}, ["acd"], np.ones(2, dtype=bool))
    assert np.isnan(peers.typical[0])
    assert deviations({"acd": np.array([3.0, 4.0])}, peers, np.array([0])).tolist() == [[0.0]]
