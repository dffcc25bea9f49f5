"""Calls of erased numbers count for nothing, also while they still are in files."""

from __future__ import annotations

from pathlib import Path

from configs import load_settings
from graph.run import build_snapshot
from graph.snapshot import Snapshot, number_of_key
from graph.windows import DAY, Window
from ingest.erased import tombstones
from ingest.home import Home
from ingest.lake.lake import Lake, day_start
from ingest.ledger.database import open_database
from ingest.progress import Silent
from tests.ingest.erasures import caller, erase
from tests.ingest.samples import HEADER, call_lines, take, write_csv

MAY = day_start("2026-05-01")


def built(home: Home) -> Snapshot:
    with home.writing("test"):
        return build_snapshot(home, Lake(home), Window(MAY, MAY + 5 * DAY), None, load_settings(), Silent())


def tables(snapshot: Snapshot) -> list[dict[str, list[object]]]:
    return [table.to_pydict() for table in (snapshot.numbers, snapshot.edges, snapshot.features, snapshot.link_keys)]


def test_they_are_left_out_before_and_after_files_are_rewritten(home: Home, tmp_path: Path) -> None:
    lines = [f"{line}," for line in call_lines(60)] + [f"{caller(5)},{caller(6)},5,2026-05-01T00:00:00Z,{caller(1)}"]
    take(home, write_csv(tmp_path / "a.csv", lines, f"{HEADER},forwarded_to"))
    before = built(home)
    assert caller(1) in before.numbers["number"].to_pylist()
    tombstones.enter(home, open_database(home, "ledger"), [caller(1)])
    during = built(home)
    erase(home, caller(1))
    after = built(home)
    assert len({before.id, during.id, after.id}) == 3
    assert caller(1) not in during.numbers["number"].to_pylist()
    assert tables(during) == tables(after) != tables(before)
    assert during.manifest["window_records"] == after.manifest["window_records"] < before.manifest["window_records"] - 1
    assert all(caller(1) not in file.read_text() for file in during.folder.glob("*.json"))


def test_a_number_that_waits_only_elsewhere_makes_no_other_snapshot(home: Home, tmp_path: Path) -> None:
    take(home, write_csv(tmp_path / "a.csv", call_lines(60)))
    before = built(home)
    tombstones.enter(home, open_database(home, "ledger"), ["+94771234567"])
    assert built(home).id == before.id


def test_the_number_of_a_node_key() -> None:
    assert number_of_key("generic\x01+94771234567") == "+94771234567"
