"""`simulate --report`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.api.cli.commands import command, done

WORLD = ("--callers", "4000", "--days", "2", "--rings", "4", "--seed", "5")


@pytest.fixture(scope="module")
def reported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a world that was made with its report."""
    out = tmp_path_factory.mktemp("difficulty") / "world"
    made = done("simulate", "--out", str(out), *WORLD, "--report")
    assert made["report"] == json.loads((out / "report.json").read_text(encoding="utf-8"))
    return out


def test_a_new_world_is_measured(reported: Path) -> None:
    report = json.loads((reported / "report.json").read_text(encoding="utf-8"))
    assert report["population"]["rings"] >= 2
    tree = report["tree"]["auc"]
    assert 0.0 <= tree["min"] <= tree["mean"] <= tree["max"] <= 1.0  # from so few rings a tree learns chance
    assert 0.5 < report["isolation_forest"]["auc"]["mean"] <= 1.0
    assert 0.0 < report["louvain"]["b_cubed_f1"]["mean"] <= 1.0


def test_a_world_that_stands_is_measured_again_and_left_as_it_is(reported: Path) -> None:
    before = {path.name: path.read_bytes() for path in reported.iterdir()}
    again = done("simulate", "--out", str(reported), "--report")
    assert set(again) == {"out", "report"}
    assert {path.name: path.read_bytes() for path in reported.iterdir()} == before


def test_the_report_is_no_file_of_calls(reported: Path, tmp_path: Path) -> None:
    taken = done("ingest", str(reported), "--home", str(tmp_path / "home"))
    assert {Path(file["file"]).name for file in taken["files"]} == {f"calls-2026-05-0{day}.csv.gz" for day in (1, 2)}


def test_a_person_reads_tables(reported: Path) -> None:
    shown = command("simulate", "--out", str(reported), "--seed", "5", "--report")
    assert shown.returncode == 0
    for text in ("tree of depth 3", "Isolation Forest", "b_cubed_f1", "fraud_share_by_day.mean", "courier"):
        assert text in shown.stdout


def test_another_world_than_the_one_that_stands_is_refused(reported: Path) -> None:
    refused = command("simulate", "--out", str(reported), "--seed", "6", "--report")
    assert refused.returncode == 1
    assert "was made with seed 5, not 6" in refused.stderr


def test_a_folder_without_a_world_is_not_measured(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    refused = command("simulate", "--out", str(tmp_path), *WORLD, "--report")
    assert refused.returncode == 1
    assert "is not empty" in refused.stderr
