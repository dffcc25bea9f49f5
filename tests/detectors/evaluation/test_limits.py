"""How hard the worlds must be: a world that is easier gets harder, not these limits softer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from detectors.evaluation.difficulty import measure
from ingest.progress import Silent
from ingest.simulator import WorldSettings, simulate

SHARES = {"easy": (0.008, 0.012), "normal": (0.004, 0.006), "hard": (0.002, 0.004)}
NO_LOUVAIN = 0  # pairs: it takes minutes, and is for the large worlds


def measured(folder: Path, settings: WorldSettings, **options: int) -> dict[str, Any]:
    """Simulate a world and measure how hard it is."""
    simulate(folder, settings, Silent())
    return measure(folder, Silent(), **options)


@pytest.mark.parametrize("seed", [1, 2])
def test_simple_methods_fail_in_a_hard_world(seed: int, tmp_path: Path) -> None:
    world = WorldSettings(20_000, 10, seed, hardness="hard", format="parquet")
    found = measured(tmp_path / "world", world, most_edges=NO_LOUVAIN)
    assert found["tree"]["auc"]["mean"] < 0.90
    assert found["tree_balanced"]["auc"]["mean"] < 0.90
    assert found["tree"]["ap_at_5pct"]["mean"] < 0.60
    assert found["isolation_forest"]["ap_at_5pct"]["mean"] < 0.50


def test_a_tree_is_not_enough_in_a_normal_world(tmp_path: Path) -> None:
    world = WorldSettings(20_000, 10, 1, hardness="normal", format="parquet")
    found = measured(tmp_path / "world", world, most_edges=NO_LOUVAIN)
    assert found["tree"]["ap_at_5pct"]["mean"] < 0.80
    assert found["population"]["look_alikes_per_fraud_number"] >= 10


@pytest.mark.long
@pytest.mark.parametrize("hardness", list(SHARES))
def test_a_large_world_is_what_it_should_be(hardness: Any, tmp_path: Path) -> None:
    world = WorldSettings(200_000, 5, 1, hardness=hardness, format="parquet")
    found = measured(tmp_path / "world", world)
    population = found["population"]
    least, most = SHARES[hardness]
    assert least <= population["fraud_share_by_day"]["mean"] <= most
    assert population["rings"] >= 40
    assert population["look_alikes_per_fraud_number"] >= 10
    for name, of_type in population["fraud_types"].items():
        assert max([of_type["numbers"], *of_type["entities"].values()]) >= 15, name
    if hardness == "hard":
        assert found["louvain"]["b_cubed_f1"]["mean"] < 0.35
