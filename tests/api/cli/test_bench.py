"""`ringfence bench`: every stage and the baseline on a world that is as small as can be, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from api.bench import baseline, measured, report
from api.bench.compared import COMPARED
from api.bench.ground import Ground
from api.bench.modularity import modularity
from configs import load_settings
from detectors.columns import feature_columns
from detectors.isolation_forest import base_scores
from detectors.peers import compared_features
from graph.snapshot import Snapshot
from ingest.home import Home
from ingest.progress import Silent
from tests.api.cli.commands import command, done

FIGURES = {"seconds", "cpu_seconds", "rows_per_s", "peak_rss_mb"}
STAGES = {
    *("ingest", "expressions", "additive", "same", "features", "edges", "entities", "snapshot"),
    *("communities", "forest", "links", "run"),
}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Give what one run of the command says; the file it writes must be the same."""
    out = tmp_path_factory.mktemp("bench") / "bench.json"
    found = done("bench", "--calls", "20000", "--repeat", "1", "--out", str(out))
    assert json.loads(out.read_text(encoding="utf-8")) == found
    return found


@pytest.fixture
def ground(run_home: Path, tmp_path: Path) -> Ground:
    return Ground(Home(run_home), load_settings(run_home), tmp_path, tmp_path)


def test_every_stage_has_its_figures(told: dict[str, Any]) -> None:
    assert told["stages"].keys() == STAGES
    for stage in (*told["stages"].values(), told["scan_limit"]):
        assert stage.keys() >= FIGURES
        assert all(stage[name] > 0 for name in FIGURES)
    assert told["calls"] == 20_000
    assert told["machine"].keys() == {"cores", "load_average", "load_average_after", "repeat"}


def test_ratios_are_those_of_the_figures(told: dict[str, Any]) -> None:
    stages, scan, beside = told["stages"], told["scan_limit"]["cpu_seconds"], told["baseline"]
    ours = sum(stages[name]["cpu_seconds"] for name in ("same", "communities", "forest"))
    assert told["ratio_to_baseline"] == pytest.approx(beside["cpu_seconds"] / ours, rel=0.01)
    for name in ("additive", "features"):
        assert told["ratios_to_scan_limit"][name] == pytest.approx(stages[name]["cpu_seconds"] / scan, rel=0.01)
    assert told["ratio_to_scan_limit"] == told["ratios_to_scan_limit"]["features"]
    most = max(stages[name]["peak_rss_mb"] for name in ("same", "communities", "forest"))
    assert told["memory_ratio_to_baseline"] == pytest.approx(beside["peak_rss_mb"] / most, rel=0.01)


def test_the_baseline_gives_the_same_features(told: dict[str, Any]) -> None:
    beside = told["baseline"]
    assert beside["calls"] == told["calls"]
    assert beside["numbers"] == told["numbers"]
    assert beside["pairs"] == told["edges"]
    assert beside["stages"].keys() == {"features", "graph", "communities", "forest"}
    assert beside["equal_features"] == sorted(COMPARED)
    assert beside["features"] == told["stages"]["same"]["features"] == len(COMPARED) == 45
    # Both look for the highest modularity.
    assert told["stages"]["communities"]["modularity"] == pytest.approx(beside["modularity"], abs=0.03)


def test_a_value_that_differs_is_counted(run_home: Path) -> None:
    (folder,) = Home(run_home).snapshots.iterdir()
    snapshot = Snapshot(folder)
    acd = snapshot.features["acd"].combine_chunks()
    known = acd.is_valid().to_pylist()
    at, gap = known.index(True), known.index(False)
    values = acd.to_pylist()
    values[at] += 1e-8
    values[gap] = 0.0
    number = snapshot.numbers["number"].combine_chunks()
    backwards = pa.array(range(len(number) - 1, -1, -1))
    theirs = pa.table({"number": number, "acd": pa.array(values), "attempts": snapshot.features["attempts"]})
    assert baseline.differing(snapshot, theirs.take(backwards)) == {"acd": 2, "attempts": 0}
    with pytest.raises(measured.BenchError, match="numbers"):
        baseline.differing(snapshot, theirs.slice(1))


def test_modularity_of_two_triangles_and_a_bridge() -> None:
    a, b = np.array([[0, 0, 1, 3, 3, 4, 2], [1, 2, 2, 4, 5, 5, 3]], dtype=np.int32)
    label = np.array([0, 0, 0, 1, 1, 1], dtype=np.int32)
    assert modularity(label, a, b, np.ones(7)) == pytest.approx(6 / 7 - 1 / 2, abs=1e-6)
    assert modularity(np.zeros(6, dtype=np.int32), a, b, np.ones(7)) == 0


def test_a_stage_that_fails_is_named(tmp_path: Path) -> None:
    with pytest.raises(measured.BenchError, match=r"api\.bench\.child features failed"):
        measured.stage("features", Home(tmp_path).create().root, tmp_path)


class Steps(Silent):
    def __init__(self) -> None:
        self.done = 0

    def advance(self, n: int) -> None:
        self.done += n


def test_stages_take_turns_and_the_run_comes_last(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[str] = []
    figures = iter(range(1, 100))

    def told(name: str, *_: Path) -> dict[str, float]:
        heard.append(name)
        return {"calls": 10, "peak_rss_mb": 1.0, "cpu_seconds": 1.0, "seconds": float(next(figures))}

    monkeypatch.setattr(report, "stage", told)
    progress = Steps()
    names = ("scan", "same", "snapshot", "run")
    found = report.measured_stages(ground, names, 3, progress, lambda: heard.append("beside"))
    a_round = ["scan", "scan", "same", "snapshot"]
    assert heard == ["ingest", *a_round, "beside", *a_round, "beside", *a_round, "run", "beside"]
    assert progress.done == report.processes(names, 3)
    assert found["same"]["seconds"] == 8.0  # of 4, 8 and 12
    assert found["same"]["rows_per_s"] == round(10 / 8)


@pytest.mark.parametrize(("rounds", "repeat"), [(1, 3), (3, 1)])
def test_the_baseline_runs_as_often_as_asked_without_our_allocator(
    rounds: int, repeat: int, ground: Ground, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[set[str]] = []

    def told(module: str, *_: str, without: set[str]) -> dict[str, Any]:
        assert module == baseline.MODULE
        asked.append(without)
        of_run = {"seconds": float(len(asked)), "cpu_seconds": 1.0, "peak_rss_mb": 1.0}
        return {**of_run, "stages": {"forest": of_run}}

    snapshot = ground.snapshot()
    numbers = {"number": snapshot.numbers["number"]}
    pq.write_table(pa.table({**numbers, "acd": snapshot.features["acd"]}), tmp_path / "features.parquet")
    columns = feature_columns(snapshot.features)
    scores = base_scores(columns, compared_features(columns), ground.settings.isolation_forest)
    pq.write_table(pa.table({"score": scores}), tmp_path / "scores.parquet")
    monkeypatch.setattr(baseline, "spoken", told)
    progress = Steps()
    other = baseline.Baseline(ground, tmp_path, repeat, progress)
    for _ in range(rounds):
        other.run()
    found = other.figures()
    assert asked == [{"ARROW_DEFAULT_MEMORY_POOL"}] * repeat
    assert progress.done == repeat
    assert found["seconds"] == (repeat + 1) / 2
    assert found["equal_features"] == ["acd"]


def test_a_process_sees_the_environment_but_what_is_kept_from_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "told.py").write_text(
        "import json, os\nprint(json.dumps({name: os.getenv(name) for name in ('ONE', 'TWO')}))\n"
    )
    for name, value in {"PYTHONPATH": str(tmp_path), "ONE": "1", "TWO": "2"}.items():
        monkeypatch.setenv(name, value)
    told = measured.spoken("told", without={"TWO"})
    assert told == {"ONE": "1", "TWO": None}


@pytest.mark.parametrize(
    "asked",
    [
        ("--calls", "5"),
        ("--calls", "many"),
        ("--repeat", "0"),
        ("--baseline-calls", "30000", "--calls", "20000"),
        ("--baseline-calls", "5"),
        ("--out", "/nowhere/at/all.json"),
    ],
)
def test_nonsense_is_refused(asked: tuple[str, ...]) -> None:
    finished = command("bench", *asked)
    assert finished.returncode == 2
    assert asked[0] in finished.stderr
