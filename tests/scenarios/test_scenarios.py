"""Walks the scenario folders: every module must hold on its fraud and keep its hands off the innocent.

All scenarios are one lake, each under an operator of its own, so that the features are computed once.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from detectors.columns import feature_columns
from detectors.registry import fraud_modules, judge_all
from tests.graph.calls import tables_of
from tests.scenarios.patterns import Scenario, calls_of, number, scenarios_in

HERE = Path(__file__).parent
KINDS = ("fraud", "innocent")
Held = Mapping[tuple[str, str], set[str]]  # (operator, number) → modules that hold


def _scenarios(kind: str) -> dict[tuple[str, str], Scenario]:
    """Give the scenarios of all modules by module and operator."""
    return {
        (path.parent.name, f"{path.parent.name}-{kind}-{at}"): scenario
        for path in sorted(HERE.glob(f"*/{kind}.yaml"))
        for at, scenario in enumerate(scenarios_in(path))
    }


def _cases(kind: str) -> list[object]:
    return [pytest.param(*key, s, id=f"{key[0]}-{s.name}") for key, s in _scenarios(kind).items()]


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Held:
    """What every module says of every number of every scenario."""
    everything = {**_scenarios("fraud"), **_scenarios("innocent")}
    rows = [row for (_, operator), scenario in everything.items() for row in calls_of(scenario, operator)]
    tables = tables_of(rows, tmp_path_factory.mktemp("scenarios"))
    judgements, not_computable = judge_all(fraud_modules(), feature_columns(tables.features))
    assert not_computable == {}
    keys = zip(tables.numbers["operator"].to_pylist(), tables.numbers["number"].to_pylist(), strict=True)
    return {key: {name for name, found in judgements.items() if found.holds[node]} for node, key in enumerate(keys)}


def test_every_module_has_both_files_and_no_folder_is_left_over() -> None:
    folders = {path.name: {kind for kind in KINDS if (path / f"{kind}.yaml").is_file()} for path in HERE.iterdir()}
    has_scenarios = {name: kinds for name, kinds in folders.items() if kinds}
    assert has_scenarios == {module.name: set(KINDS) for module in fraud_modules()}


@pytest.mark.parametrize(("module", "operator", "scenario"), _cases("fraud"))
def test_fraud_is_held(module: str, operator: str, scenario: Scenario, held: Held) -> None:
    missed = [letter for letter in scenario.about if module not in held[operator, number(letter)]]
    assert missed == [], scenario.because


@pytest.mark.parametrize(("module", "operator", "scenario"), _cases("innocent"))
def test_innocents_are_let_go_by_every_module(module: str, operator: str, scenario: Scenario, held: Held) -> None:
    assert module in {found.name for found in fraud_modules()}
    accused = {key: modules for key, modules in held.items() if key[0] == operator and modules}
    assert accused == {}, scenario.because
