from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from configs import ConfigError, load_settings
from detectors.fusion import fuse, rank_strength, tail_ranks, verdict_of
from detectors.judgement import Judgement

VERDICTS = load_settings().verdicts


def _kinds(count: int) -> pa.ChunkedArray:
    return pa.chunked_array([["e164"] * count])


def _judgement(score: list[float], holds: list[bool]) -> Judgement:
    return Judgement(np.array(score), np.array(holds), ())


@given(arrays(np.float64, st.integers(1, 60), elements=st.floats(0, 1)))
def test_a_rank_never_lifts_above_its_ceiling_and_keeps_the_order(
    base: np.ndarray[tuple[int], np.dtype[np.float64]],
) -> None:
    fused = fuse(base, _kinds(len(base)), {}, VERDICTS)
    assert np.all((fused.risk >= 0) & (fused.risk <= 84))
    order = np.argsort(base, kind="stable")
    assert np.all(np.diff(fused.risk[order]) >= 0)


def test_who_was_never_ranked_has_no_risk_and_no_basis() -> None:
    fused = fuse(np.array([np.nan, 0.4, 0.9]), _kinds(3), {}, VERDICTS)
    assert fused.basis.tolist() == ["none", "rank", "rank"]
    assert fused.risk[0] == 0.0


def test_only_a_module_that_holds_lifts_to_its_floor() -> None:
    judgements = {"a": _judgement([1.0, 0.9], [True, False]), "b": _judgement([0.5, 0.99], [False, False])}
    fused = fuse(np.array([0.1, 0.9]), _kinds(2), judgements, VERDICTS)
    assert fused.risk[0] >= 85 > 84 >= fused.risk[1]
    assert fused.basis.tolist() == ["module", "rank"]
    assert fused.fraud_type.tolist() == ["a", None]


def test_the_better_held_module_names_the_fraud_and_ties_go_to_the_first_name() -> None:
    judgements = {"b": _judgement([1.0, 1.0], [True, True]), "a": _judgement([0.9, 1.0], [True, True])}
    assert fuse(np.array([0.1, 0.9]), _kinds(2), judgements, VERDICTS).fraud_type.tolist() == ["b", "a"]


def test_ranks_are_among_peers_of_the_same_kind() -> None:
    base = np.array([0.1, 0.2, 0.8, 0.9, np.nan])
    tail = tail_ranks(base, np.array([0, 0, 1, 1, 1], dtype=np.int32))
    np.testing.assert_array_equal(tail, [1.0, 0.5, 1.0, 0.5, np.nan])


def test_every_tenfold_rarer_rank_counts_the_same() -> None:
    np.testing.assert_allclose(
        rank_strength(np.array([1.0, 0.1, 0.01, 1e-4, 1e-9, np.nan]), 1e-4), [0, 0.25, 0.5, 1, 1, 0]
    )


def test_what_a_module_holds_is_dangerous_and_a_rank_is_not_wherever_dangerous_lies() -> None:
    for dangerous in (60.0, 85.0, 100.0):
        verdicts = VERDICTS.model_copy(update={"dangerous": dangerous})
        judgements = {"a": _judgement([0.0, 0.0], [True, False])}
        fused = fuse(np.array([0.1, 0.9]), _kinds(2), judgements, verdicts)
        assert verdict_of(fused.risk, verdicts)[0] == "DANGEROUS"
        best = fuse(np.arange(20_000.0), _kinds(20_000), {}, verdicts).risk[-1]
        assert best == dangerous - 1


def test_suspicious_must_lie_below_dangerous(tmp_path: Path) -> None:
    (tmp_path / "settings.yaml").write_text("verdicts: {suspicious: 85}", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"settings.yaml: verdicts: .*suspicious must lie at least 1 below dangerous"):
        load_settings(tmp_path)


def test_verdicts_follow_the_settings() -> None:
    assert verdict_of(np.array([0.0, 49.9, 50.0, 84.9, 85.0]), VERDICTS).tolist() == [
        *("SAFE", "SAFE", "SUSPICIOUS", "SUSPICIOUS", "DANGEROUS")
    ]
