"""Floors under what the detectors find in planted worlds: working means detecting."""

from __future__ import annotations

from typing import Any

import pytest

from api.pipeline import RunRequest, run
from configs import load_settings
from detectors.evaluation import evaluate
from ingest.home import Home
from ingest.progress import Silent
from ingest.simulator.run import simulate
from ingest.simulator.settings import WorldSettings


@pytest.fixture(scope="module", params=[11, 12])
def found(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("world")
    simulate(folder / "world", WorldSettings(callers=10_000, days=7, seed=request.param, format="parquet"), Silent())
    home, settings = Home(folder / "home").create(), load_settings()
    report = run(home, settings, RunRequest(paths=[folder / "world"]), Silent())
    return evaluate(folder / "world", report.snapshot, report.results, settings)


def test_most_rings_of_every_type_are_found(found: dict[str, Any]) -> None:
    for name, of_type in found["by_fraud_type"].items():
        assert of_type["rings_found"] >= 0.7 * of_type["rings_planted"], name


def test_most_reported_members_are_true(found: dict[str, Any]) -> None:
    assert found["campaigns"]["member_precision"] >= 0.8
    assert found["campaigns"]["b_cubed_f1"] >= 0.8


def test_no_look_alike_is_accused(found: dict[str, Any]) -> None:
    assert set(found["look_alikes"]) == {"call_centre", "courier"}
    assert set(found["look_alikes"].values()) == {0.0}


def test_the_ranking_puts_fraud_first(found: dict[str, Any]) -> None:
    assert found["numbers"]["auc"] >= 0.98
    assert found["numbers"]["ap"] >= 0.9
