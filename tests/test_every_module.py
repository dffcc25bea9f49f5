"""What every fraud module must offer, new ones included."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from detectors.judgement import Columns
from detectors.registry import Module, fraud_modules, judge_all
from graph.features.catalogue import BY_NAME
from ingest.simulator.kinds import ring_kinds

ROOT = Path(__file__).parents[1]
EACH = pytest.mark.parametrize("module", fraud_modules(), ids=lambda module: module.name)


def _columns(module: Module, value: float, count: int = 3) -> Columns:
    return {name: np.full(count, value) for name in (*module.text.needs, *module.text.uses)}


@EACH
def test_needs_and_uses_are_features_of_the_catalogue(module: Module) -> None:
    assert set(module.text.needs) | set(module.text.uses) <= BY_NAME.keys()


@EACH
def test_judges_with_what_it_says_it_needs_and_no_more(module: Module) -> None:
    judgement = module.judge(_columns(module, 1.0), module.thresholds)
    assert judgement.score.shape == judgement.holds.shape == (3,)
    assert {feature for feature, _ in judgement.facts} <= set(module.text.needs) | set(module.text.uses)


@EACH
def test_every_threshold_is_used(module: Module) -> None:
    for key in module.thresholds:
        rest = {other: value for other, value in module.thresholds.items() if other != key}
        with pytest.raises(KeyError, match=key):
            module.judge(_columns(module, 1.0), rest)


@EACH
def test_unknown_values_accuse_nobody(module: Module) -> None:
    judgement = module.judge(_columns(module, float("nan")), module.thresholds)
    assert not judgement.holds.any()
    assert np.all((judgement.score >= 0) & (judgement.score <= 1))


@EACH
def test_scores_and_contributions_lie_between_0_and_1(module: Module) -> None:
    for value in (0.0, 0.3, 1.0, 1e6):
        judgement = module.judge(_columns(module, value), module.thresholds)
        assert np.all((judgement.score >= 0) & (judgement.score <= 1))
        total = np.sum([share for _, share in judgement.facts], axis=0)
        assert np.all(total <= 1 + 1e-9)


@EACH
def test_a_missing_column_makes_it_not_computable_never_zero(module: Module) -> None:
    columns = dict(_columns(module, 1.0))
    columns[module.text.needs[-1]] = np.full(3, np.nan)
    judgements, reasons = judge_all([module], columns)
    assert judgements == {}
    assert reasons == {module.name: f"not computable: needs {module.text.needs[-1]}"}


@EACH
def test_is_described_in_the_docs(module: Module) -> None:
    assert f"`{module.name}`" in (ROOT / "docs" / "detectors.md").read_text(encoding="utf-8")


@EACH
def test_has_a_simulated_ring_of_its_name(module: Module) -> None:
    assert module.name in ring_kinds()
