from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from configs import load_settings
from detectors.cut import Cut
from detectors.evidence import MAX_FACTS, explain
from detectors.fusion import Fused
from detectors.judgement import Fact, judged
from detectors.scoring import Scored
from detectors.sentences import SHARED_VICTIMS
from detectors.verdicts import Verdicts, final_verdicts
from ingest.home import Home
from tests.detectors.worlds import AS_OF, SCOPE, graph_of

COUNT = 20
SETTINGS = load_settings()


def _scored(risky: dict[int, float], held: int | None = None) -> Scored:
    """Ordinary numbers, but for 0 with a high fan-out and 1 with unknown talk; a module looks at `asr` only."""
    rng = np.random.default_rng(3)
    names = (
        "attempts",
        "fanout",
        "asr",
        "acd",
        "short6_share",
        "night_share",
        "reciprocity",
        "callees",
        "seconds",
        "zero_share",
    )
    columns = {name: rng.uniform(0.2, 0.3, COUNT) for name in names}
    columns["fanout"][0] = 1.0
    columns["acd"][1] = np.nan
    holds = np.arange(COUNT) == (-1 if held is None else held)
    judgement = judged([Fact("asr", np.where(holds, 1.0, 0.2))])
    risk = np.array([risky.get(node, 0.0) for node in range(COUNT)])
    fraud_type = np.where(holds, np.array("m", dtype=object), None)  # type: ignore[call-overload]  # None is an object
    fused = Fused(risk, np.where(holds, "module", "rank").astype(object), holds, fraud_type, judgement.score)
    return Scored(columns, np.full(COUNT, 0.4), {"m": judgement}, {}, fused)


def _explain(folder: Path, scored: Scored, shared: dict[int, int] | None = None) -> list[dict[str, object]]:
    snapshot = graph_of(folder / "s", [(0, 1, 1, 1)], COUNT)
    cut = Cut(Home(folder), snapshot, SCOPE, AS_OF, SETTINGS)
    table: pa.Table = explain(cut, scored, _verdicts(scored), shared or {})
    rows: list[dict[str, object]] = table.to_pylist()
    return rows


def _verdicts(scored: Scored) -> Verdicts:
    return final_verdicts(scored.fused, [], SETTINGS.verdicts)


def test_only_the_suspicious_are_explained(tmp_path: Path) -> None:
    assert {row["node"] for row in _explain(tmp_path, _scored({0: 60.0, 2: 49.0}))} == {0}


def test_what_is_odd_comes_first_and_contributions_sum_to_one(tmp_path: Path) -> None:
    rows = _explain(tmp_path, _scored({0: 60.0}))
    assert rows[0]["feature"] == "fanout"
    assert rows[0]["value"] == 1.0
    assert rows[0]["typical"] == pytest.approx(0.25, abs=0.05)
    assert sum(float(str(row["contribution"])) for row in rows) == pytest.approx(1)
    assert len(rows) <= MAX_FACTS


def test_the_facts_of_the_module_that_holds_outweigh_what_is_merely_odd(tmp_path: Path) -> None:
    rows = _explain(tmp_path, _scored({0: 90.0}, held=0))
    assert [row["feature"] for row in rows][:2] == ["asr", "fanout"]
    assert float(str(rows[0]["contribution"])) == pytest.approx(0.75)


def test_the_ring_is_a_fact(tmp_path: Path) -> None:
    rows = _explain(tmp_path, _scored({0: 90.0}, held=0), {0: 41})
    (ring,) = [row for row in rows if row["feature"] == SHARED_VICTIMS]
    assert (ring["value"], ring["unit"], ring["typical"]) == (41.0, "numbers", 0.0)


def test_what_is_not_known_is_no_fact(tmp_path: Path) -> None:
    assert "acd" not in {row["feature"] for row in _explain(tmp_path, _scored({1: 60.0}))}


def test_contributions_sum_to_one_when_a_fact_of_the_module_is_not_known(tmp_path: Path) -> None:
    scored = _scored({0: 90.0}, held=0)
    scored.columns["asr"][0] = np.nan
    rows = _explain(tmp_path, scored)
    assert "asr" not in {row["feature"] for row in rows}
    assert sum(float(str(row["contribution"])) for row in rows) == pytest.approx(1)
