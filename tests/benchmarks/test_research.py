from __future__ import annotations

import dataclasses
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest

from tests.benchmarks import bupt, sichuan
from tests.benchmarks.research.graph_features import graph_features
from tests.benchmarks.research.reading import UNKNOWN, CallGraph, Subscribers, read_call_graph, read_subscribers
from tests.research_data import RESEARCH, needs_data

LEARNING = sichuan.Options("all", 0.6, 1.0, unsupervised=False)
COUNT = 240


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """Data sets of the research folder's shape, drawn: fraud is seen in six features and in who is tied to whom."""
    draw = np.random.default_rng(4)
    fraud = draw.random(COUNT) < 0.2
    part = np.array(["train", "validation", "test"])[np.repeat([0, 1, 2], [144, 48, 48])]
    features = {f"f{at}": draw.lognormal(size=COUNT) for at in range(30)}
    for at in range(6):
        features[f"f{at}"] *= np.where(fraud, draw.choice([0.02, 50], size=COUNT), 1)
    features["f9"][::9] = np.nan
    label = pa.array([None if p == "test" else int(f) for p, f in zip(part, fraud, strict=True)], pa.int8())
    a, b = draw.integers(COUNT, size=(2, 3000))
    alike = (fraud[a] == fraud[b]) & (a != b)
    _write(tmp_path / "sichuan" / "users.parquet", {"user": np.arange(COUNT), **features, "part": part, "label": label})
    _write(tmp_path / "sichuan" / "shared_contact_edges.parquet", {"a": a[alike], "b": b[alike]})
    reached = fraud[b] | (draw.random(3000) < 0.3)
    _write(tmp_path / "bupt" / "edges.parquet", {"caller": a[reached], "callee": b[reached]})
    seen = draw.permutation(COUNT)[:150]
    kinds = pa.table({"node": seen, "kind": np.where(fraud[seen], 1, seen % 2 * 3)})
    pyarrow.csv.write_csv(kinds, tmp_path / "bupt" / "labels_visible.csv")
    return tmp_path


def _write(path: Path, columns: dict[str, Any]) -> None:
    path.parent.mkdir(exist_ok=True)
    pq.write_table(pa.table(columns), path)


def _run(main: Callable[[list[str]], int], capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    assert main(list(words)) == 0
    report: dict[str, Any] = json.loads(capsys.readouterr().out)
    return report


@pytest.mark.parametrize(
    ("options", "columns"),
    [
        (["--features", "all"], ["user", "score"]),
        (["--features", "call", "--train-share", ".2", "--thin", ".05", "--seed", "3"], ["user", "score"]),
        (
            ["--features", "call", "--unsupervised", "--communities"],
            ["user", "score", "top_score", "community"],
        ),
    ],
)
def test_every_subscriber_gets_its_scores(
    made: Path, capsys: pytest.CaptureFixture[str], options: list[str], columns: list[str]
) -> None:
    out = made / "scores.csv"
    report = _run(sichuan.main, capsys, "--data", str(made / "sichuan"), *options, "--out", str(out))
    scores = pyarrow.csv.read_csv(out)
    assert scores.column_names == columns
    assert scores["user"].to_pylist() == list(range(COUNT))
    assert scores["score"].null_count == 0
    assert report["trials"][0]["judged"] == (192 if "--unsupervised" in options else 48)
    assert report["trials"][0]["auc"] > (0.6 if "--train-share" in options else 0.8)


def test_seeds_and_shuffles_are_reported(made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ("--data", str(made), "--seeds", "2", "--shuffles", "3", "--out", str(made / "scores.csv"))
    report = _run(sichuan.main, capsys, "--features", "all", "--seed", "5", *words)
    assert [trial["seed"] for trial in report["trials"]] == [5, 6]
    assert report["over_seeds"]["auc"]["min"] <= report["trials"][0]["auc"] <= report["over_seeds"]["auc"]["max"]
    low, high = report["trials"][0]["auc_interval"]
    assert low <= report["trials"][0]["auc"] <= high
    assert abs(report["shuffled_labels"]["mean_auc"] - 0.5) < 0.2
    report = _run(bupt.main, capsys, *words)
    assert len(report["shuffled_labels"]["aucs"]) == 3


def test_the_same_seed_writes_the_same_bytes(made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    written = []
    for seed in ("1", "1", "2"):
        words = ("--features", "call", "--thin", ".5", "--seed", seed, "--out", str(made / "scores.csv"))
        _run(sichuan.main, capsys, "--data", str(made), *words)
        written.append((made / "scores.csv").read_bytes())
    assert written[0] == written[1] != written[2]


def test_every_node_gets_its_score(made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = _run(bupt.main, capsys, "--data", str(made), "--out", str(made / "scores.csv"))
    scores = pyarrow.csv.read_csv(made / "scores.csv")
    assert scores.column_names == ["node", "score"]
    assert scores["node"].to_pylist() == list(range(COUNT))
    assert report["trials"][0]["judged"] == 150
    assert report["trials"][0]["auc"] > 0.7
    assert report["trials"][0]["against_normal"]["judged"] < 150


@pytest.mark.parametrize(("main", "words"), [(sichuan.main, ["--features", "all"]), (bupt.main, [])])
def test_what_is_missing_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], main: Callable[[list[str]], int], words: list[str]
) -> None:
    assert main([*words, "--data", str(tmp_path), "--out", str(tmp_path / "scores.csv")]) == 2
    assert str(tmp_path) in capsys.readouterr().err
    assert not (tmp_path / "scores.csv").exists()


def test_a_missing_column_is_named(made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _write(made / "bupt" / "edges.parquet", {"caller": np.arange(3)})
    assert bupt.main(["--data", str(made), "--out", str(made / "scores.csv")]) == 2
    assert "callee" in capsys.readouterr().err


def test_without_supervision_no_label_is_read(made: Path) -> None:
    people = read_subscribers(made, "all")
    options = dataclasses.replace(LEARNING, unsupervised=True)
    other = dataclasses.replace(people, fraud=~people.fraud, known=~people.known, train=~people.train)
    one, two = (sichuan.scored(some, options, 0) for some in (people, other))
    for name, values in one.items():
        np.testing.assert_array_equal(values, two[name])


def test_labels_outside_the_training_part_are_not_learnt_from(made: Path) -> None:
    people = read_subscribers(made, "all")
    other = dataclasses.replace(people, fraud=np.where(people.train, people.fraud, ~people.fraud))
    one, two = (sichuan.scored(some, LEARNING, 0)["score"] for some in (people, other))
    np.testing.assert_array_equal(one, two)


def test_a_node_is_scored_by_models_that_did_not_learn_from_it() -> None:
    draw = np.random.default_rng(8)
    kind = draw.integers(2, size=1000)
    graph = CallGraph(draw.integers(1000, size=3000), draw.integers(1000, size=3000), kind)
    found = bupt.trial(graph, bupt.scored(graph, {"noise": draw.random(1000)}, 0), 0)
    assert 0.4 < found["auc"] < 0.6  # a model that was fitted on them gives 0.9


def test_folds_hold_their_share_of_every_kind() -> None:
    kind = np.repeat([0, 1, UNKNOWN], [50, 25, 10])
    fold = bupt.folds(kind, 0)
    assert np.all(fold[kind == UNKNOWN] == UNKNOWN)
    for one, many in ((0, 10), (1, 5)):
        assert np.bincount(fold[kind == one]).tolist() == [many] * bupt.FOLDS


def test_the_training_share_is_of_all_users() -> None:
    train = np.arange(100) < 60
    assert sichuan.learners(train, 0.6, 1).sum() == 60
    some = sichuan.learners(train, 0.2, 1)
    assert some.sum() == 20
    assert not some[~train].any()


def _some(people: Subscribers, every: int) -> Subscribers:
    """Labels of every so many users only; features and edges of all."""
    kept = np.arange(len(people.users)) % every == 0
    return dataclasses.replace(people, train=people.train & kept, known=people.known & kept)


@pytest.mark.research
@needs_data
def test_real_subscribers_are_ranked_without_labels() -> None:
    people = read_subscribers(Path(RESEARCH or ""), "all")
    options = dataclasses.replace(LEARNING, unsupervised=True)
    found = sichuan.trial(people, options, sichuan.scored(people, options, 0), 0)
    assert found["judged"] == 4884
    assert found["auc"] >= 0.855
    assert found["precision_at_5pct"] >= 0.95
    assert found["top_score"]["precision_at_5pct"] >= 0.95


@pytest.mark.research
@needs_data
@pytest.mark.parametrize(("features", "least"), [("all", 0.93), ("call", 0.92)])
def test_real_subscribers_are_learnt_from_half_of_the_labels(features: str, least: float) -> None:
    people = _some(read_subscribers(Path(RESEARCH or ""), features), 2)
    options = dataclasses.replace(LEARNING, features=features)
    assert sichuan.trial(people, options, sichuan.scored(people, options, 0), 0)["auc"] >= least


@pytest.mark.research
@needs_data
def test_shuffled_labels_of_real_subscribers_teach_nothing() -> None:
    people = _some(read_subscribers(Path(RESEARCH or ""), "call"), 4)
    options = dataclasses.replace(LEARNING, features="call")
    aucs = [sichuan.shuffled_auc(people, options, seed) for seed in range(2)]
    assert abs(np.mean(aucs) - 0.5) < 0.08  # two draws of 300 users: three deviations


@pytest.mark.research
@needs_data
def test_a_real_call_graph_by_a_quarter_of_its_labels() -> None:
    graph = read_call_graph(Path(RESEARCH or ""))
    kind = np.where(np.arange(len(graph.kind)) % 4 == 0, graph.kind, UNKNOWN)
    part = CallGraph(graph.caller, graph.callee, kind)
    own = graph_features(len(kind), graph.caller, graph.callee)
    found = bupt.trial(part, bupt.scored(part, own, 0), 0)
    assert found["auc"] >= 0.78
    assert found["against_normal"]["auc"] >= 0.82


@pytest.mark.research
@needs_data
def test_vast_2008_goes_through_ingest_and_run(tmp_path: Path) -> None:
    calls = Path(RESEARCH or "") / "vast2008" / "cdr.csv"
    taken = _ringfence("ingest", str(calls), "--operator", "vast2008", "--home", str(tmp_path / "home"), "--json")
    (file,) = taken["files"]
    assert (file["rows"], file["accepted"], file["dead_lettered"], file["duplicates"]) == (9834, 9830, 4, 0)
    report = _ringfence("run", "--home", str(tmp_path / "home"), "--store", "embedded", "--json")
    assert report["calls"] == 9830


def _ringfence(*words: str) -> dict[str, Any]:
    command = [str(Path(sys.executable).with_name("ringfence")), *words]
    answer: dict[str, Any] = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    return answer
