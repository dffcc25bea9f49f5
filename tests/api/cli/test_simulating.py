"""`simulate`: files, labels on request, and calls fed live."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tests.api.cli.commands import answered, command, done

TINY = ("--callers", "700", "--days", "1", "--rings", "1")


def test_a_world_is_fed_into_a_file_that_stream_follows(tmp_path: Path) -> None:
    world = tmp_path / "world"
    fed = done("simulate", "--live", "--rate", "1000000", "--out", str(world), *TINY)
    assert fed["days"] == 1
    assert {path.name for path in world.iterdir()} == {*fed["truth"], "calls.csv"}
    home = ("--home", str(tmp_path / "home"))
    streamed = done("stream", "--source", f"file:{world / 'calls.csv'}", "--no-follow", *home)
    assert (streamed["rows"], streamed["accepted"]) == (fed["calls"], fed["calls"])


def test_a_world_is_fed_to_standard_output() -> None:
    shown = command("simulate", "--live", "--rate", "1000000", *TINY)
    rows = list(csv.DictReader(shown.stdout.splitlines()))
    assert shown.returncode == 0
    assert len(rows) > 300
    moments = [row["timestamp"] for row in rows]
    assert moments == sorted(moments)


def test_verdicts_are_written_when_asked_for(tmp_path: Path) -> None:
    made = done("simulate", "--out", str(tmp_path / "world"), *TINY, "--label-share", "0.5", "--label-delay", "0")
    home = ("--home", str(tmp_path / "home"))
    assert done("ingest", str(tmp_path / "world"), *home)["accepted"] == made["calls"]


def test_without_a_folder_the_usage_is_wrong() -> None:
    refused = command("simulate", *TINY)
    assert refused.returncode == 2
    assert "--live" in refused.stderr


def test_json_and_calls_do_not_share_standard_output() -> None:
    refused = command("simulate", "--live", *TINY, "--json")
    assert refused.returncode == 2
    assert "standard output holds the calls" in " ".join(refused.stderr.split())


def test_a_folder_that_holds_something_is_not_fed_into(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    refused = answered("simulate", "--live", "--out", str(tmp_path), *TINY, code=1)
    assert "not empty" in refused["error"]["message"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--live", "--report"), "not measured"),
        (("--live", "--format", "parquet"), "rows of CSV"),
        (("--rate", "50"), "say --live"),
        (("--seed", "-3"), "seed is -3; give 0 or more"),
        (("--rings", "5000"), "rings is 5000; 700 callers allow 0 to"),
        (("--start", "yesterday"), "give a day as 2026-05-01"),
        (("--start", "2999-01-01"), "give an earlier start"),
        (("--days", "367"), "366"),
    ],
)
def test_what_cannot_be_done_is_wrong_usage(tmp_path: Path, options: tuple[str, ...], said: str) -> None:
    out = tmp_path / "world"
    refused = command("simulate", "--out", str(out), "--callers", "700", *options)
    assert refused.returncode == 2
    assert said in " ".join(refused.stderr.replace("│", " ").split())
    assert not out.exists()


def test_the_first_day_can_be_chosen(tmp_path: Path) -> None:
    made = done("simulate", "--out", str(tmp_path / "world"), *TINY, "--start", "2024-02-29")
    assert made["files"] == ["calls-2024-02-29.csv.gz"]
