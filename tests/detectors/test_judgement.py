from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from detectors.judgement import Fact, at_least, at_most, judged, strongest, unless_unknown

COLUMNS = {"asr": np.array([0.0, 0.2, 0.4, 0.8, np.nan])}


def test_at_least_rises_in_proportion_and_unknown_meets_nothing() -> None:
    assert at_least(COLUMNS, "asr", 0.4).degree.tolist() == [0.0, 0.5, 1.0, 1.0, 0.0]


def test_at_most_falls_above_the_threshold_and_unknown_meets_nothing() -> None:
    assert at_most(COLUMNS, "asr", 0.4).degree.tolist() == [1.0, 1.0, 1.0, 0.5, 0.0]


def test_unless_unknown_lets_the_unknown_pass() -> None:
    assert unless_unknown(COLUMNS, at_most(COLUMNS, "asr", 0.4)).degree.tolist() == [1.0, 1.0, 1.0, 0.5, 1.0]


def test_all_facts_must_be_met_to_hold() -> None:
    judgement = judged([Fact("a", np.array([1.0, 1.0])), Fact("b", np.array([1.0, 0.25]))])
    assert judgement.holds.tolist() == [True, False]
    assert judgement.score.tolist() == [1.0, 0.5]


def test_strongest_prefers_the_way_that_holds_and_drops_the_other_ways_facts() -> None:
    holds = judged([Fact("a", np.array([1.0]))])
    near = judged([Fact("a", np.array([0.99])), Fact("b", np.array([1.0]))])
    best = strongest([near, holds])
    assert best.holds.tolist() == [True]
    assert best.score.tolist() == [1.0]
    assert {name: share.tolist() for name, share in best.facts} == {"a": [1.0], "b": [0.0]}


@given(st.lists(st.lists(st.floats(0, 1), min_size=3, max_size=3), min_size=1, max_size=5))
def test_scores_lie_between_0_and_1_and_holding_means_1(degrees: list[list[float]]) -> None:
    judgement = judged([Fact(str(at), np.array(row)) for at, row in enumerate(degrees)])
    assert np.all((judgement.score >= 0) & (judgement.score <= 1))
    assert np.all(judgement.score[judgement.holds] == 1)
    assert np.all(np.sum([share for _, share in judgement.facts], axis=0) <= 1 + 1e-9)
