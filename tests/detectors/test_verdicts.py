from __future__ import annotations

from pathlib import Path

import numpy as np

from configs import load_settings
from detectors.campaigns.identity import Identity
from detectors.campaigns.reach import reach_of
from detectors.campaigns.report import Campaign
from detectors.campaigns.rings import Ring
from detectors.fusion import Fused
from detectors.verdicts import Verdicts, final_verdicts
from graph.links.table import Links
from tests.detectors.worlds import graph_of

COUNT = 6
# 0 and 1 are members, 0 proven; 2 and 3 are rung by both; 4 only talked to; 5 uninvolved
CALLS = [(0, 2, 1, 0), (0, 3, 1, 0), (0, 4, 1, 1), (1, 2, 1, 0), (1, 3, 1, 0)]


def _verdicts(folder: Path) -> Verdicts:
    holds = np.arange(COUNT) == 0
    fraud_type = np.array(["wangiri", *[None] * 5], dtype=object)
    basis = np.array(["module", "none", *["rank"] * 4], dtype=object)
    fused = Fused(np.array([90.0, 0, 10, 60, 5, 0]), basis, holds, fraud_type, np.zeros(COUNT))
    members = np.array([0, 1], dtype=np.int32)
    reach = reach_of(graph_of(folder, CALLS, COUNT), members)
    none = np.empty(0, dtype=np.int32)
    ring = Ring(members, "wangiri", Links("all", none, none, np.empty(0), none.astype(np.int64)), [])
    campaign = Campaign(
        Identity("C-1", "Amber Heron", 1, True), ring, reach, ["caller", "caller"], np.array([90.0, 70.0])
    )
    return final_verdicts(fused, [campaign], load_settings().verdicts)


def test_a_member_without_a_fact_of_its_own_is_suspicious_by_its_ring(tmp_path: Path) -> None:
    verdicts = _verdicts(tmp_path / "s")
    assert verdicts.risk[:2].tolist() == [90.0, 70.0]
    assert verdicts.basis[:2].tolist() == ["module", "ring"]
    assert verdicts.verdict[:2].tolist() == ["DANGEROUS", "SUSPICIOUS"]
    assert verdicts.fraud_type[:2].tolist() == ["wangiri", "wangiri"]


def test_roles_and_campaigns(tmp_path: Path) -> None:
    verdicts = _verdicts(tmp_path / "s")
    assert verdicts.role.tolist() == ["suspected", "suspected", "victim", "victim", "none", "none"]
    assert verdicts.campaign.tolist() == ["C-1", "C-1", None, None, None, None]


def test_a_victims_own_risk_stays(tmp_path: Path) -> None:
    verdicts = _verdicts(tmp_path / "s")
    assert (verdicts.risk[3], verdicts.basis[3], verdicts.verdict[3]) == (60.0, "rank", "SUSPICIOUS")


def test_the_table_says_null_where_nothing_was_ranked(tmp_path: Path) -> None:
    base = np.array([0.5, np.nan, 0.4, 0.4, 0.4, 0.4])
    table = _verdicts(tmp_path / "s").table(base)
    assert table["base"].to_pylist()[:2] == [0.5, None]
    assert table["campaign"].null_count == 4
