"""`simulate`: files, labels on request, and calls fed live."""

from __future__ import annotations

import csv
from pathlib import Path

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
