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

RECOGNISED = ("impersonation", "robocall", "wangiri")  # types that a module knows


def evaluated(factory: pytest.TempPathFactory, world: WorldSettings) -> dict[str, Any]:
    """Simulate a world, run the product on it, and judge what it found."""
    folder = factory.mktemp("world")
    simulate(folder / "world", world, Silent())
    home, settings = Home(folder / "home").create(), load_settings()
    report = run(home, settings, RunRequest(paths=[folder / "world"]), Silent())
    return evaluate(folder / "world", report.snapshot, report.results, settings)


@pytest.fixture(scope="module", params=[11, 12])
def easy(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """An easy world with rings of the types that are recognised, and every kind of look-alike."""
    world = WorldSettings(10_000, 7, request.param, hardness="easy", fraud_types=RECOGNISED, format="parquet")
    return evaluated(tmp_path_factory, world)


@pytest.fixture(scope="module", params=[1, 2])
def normal(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """A normal world with every type and every look-alike."""
    return evaluated(tmp_path_factory, WorldSettings(callers=20_000, days=10, seed=request.param, format="parquet"))


def test_most_rings_of_recognised_types_are_found(easy: dict[str, Any]) -> None:
    assert easy["campaigns"]["rings_found"] >= 0.8 * easy["campaigns"]["rings_planted"]
    for name, of_type in easy["by_fraud_type"].items():
        assert of_type["rings_found"] >= 0.6 * of_type["rings_planted"], name


def test_most_reported_members_are_true(easy: dict[str, Any]) -> None:
    assert easy["campaigns"]["member_precision"] >= 0.65
    assert easy["campaigns"]["b_cubed_f1"] >= 0.5


def test_the_ranking_puts_fraud_first(easy: dict[str, Any]) -> None:
    assert easy["numbers"]["auc"] >= 0.98
    assert easy["numbers"]["ap"] >= 0.9
    assert easy["gate"]["lost_share"] <= 0.05


def test_alerts_of_a_normal_world_are_mostly_true(normal: dict[str, Any]) -> None:
    assert normal["numbers"]["auc"] >= 0.7
    assert normal["numbers"]["ap"] >= 0.33
    assert normal["numbers"]["alert_precision"] >= 0.6
    assert normal["campaigns"]["member_precision"] >= 0.75


def test_impersonation_and_robocalls_are_found_in_a_normal_world(normal: dict[str, Any]) -> None:
    for name in ("impersonation", "robocall"):
        of_type = normal["by_fraud_type"][name]
        assert of_type["rings_found"] >= 0.5 * of_type["rings_planted"] > 0, name


def test_few_look_alikes_of_a_normal_world_are_alerted(normal: dict[str, Any]) -> None:
    shares = normal["look_alikes"]
    assert len(shares) >= 20
    assert all(share <= 0.1 for kind, share in shares.items() if kind != "flash_verifier"), shares
    assert shares["flash_verifier"] <= 0.5  # licensed verification rings as wangiri does, and no list says who may


def test_what_is_not_built_is_said(normal: dict[str, Any]) -> None:
    assert {"campaigns.id_switches", "evidence.faithfulness"} <= set(normal["not_built"])
