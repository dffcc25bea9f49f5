"""The doctor sees what is missing and says what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest import doctor
from ingest.doctor import Finding, check
from ingest.home import Home
from ingest.lake.lake import Lake
from ingest.ledger.database import CONCERNS, Concern, migrate, write_anew
from tests.ingest.lake.test_checksums import flip
from tests.ingest.samples import call_lines, take, write_csv


@pytest.fixture
def filled(home: Home, tmp_path: Path) -> Home:
    migrate(home)
    take(home, write_csv(tmp_path / "a.csv", call_lines(300)))
    return home


def finding(home: Home, name: str) -> Finding:
    return next(found for found in check(home) if found.name == name)


def test_a_well_home(filled: Home) -> None:
    found = check(filled)
    assert all(f.ok and not f.next_step for f in found)
    assert [f.name for f in found] == [
        "databases",
        "segments",
        "quarantine",
        "live logs",
        "unfinished files",
        "dead letters",
        "disk",
    ]
    assert "300 calls" in finding(filled, "segments").text
    assert found[0].as_json() == {"name": "databases", "ok": True, "text": "at this version", "next_step": ""}


def test_databases_that_are_not_there_yet(home: Home) -> None:
    found = finding(home, "databases")
    assert not found.ok
    assert found.next_step == "ringfence migrate"
    assert not list(home.databases.iterdir())


def test_a_segment_that_is_cut_off(filled: Home) -> None:
    path = Lake(filled).paths()[0]
    path.write_bytes(path.read_bytes()[:-1])
    found = finding(filled, "segments")
    assert not found.ok
    assert found.text.startswith("1 of 2 segments")
    assert path.name in found.text
    assert found.next_step == "ringfence doctor --deep"
    assert path.is_file()


def test_a_look_that_is_not_deep_changes_nothing_and_a_deep_one_sets_aside(filled: Home) -> None:
    segment, _ = Lake(filled).segments()
    flip(segment.path, 100)
    assert all(found.ok for found in check(filled))
    deep = {found.name: found for found in check(filled, deep=True)}
    assert not deep["segments"].ok
    assert segment.id in deep["quarantine"].text
    assert "240 calls" in deep["quarantine"].text
    assert "ringfence doctor --accept-loss" in deep["quarantine"].next_step
    assert not segment.path.exists()
    assert finding(filled, "segments").ok
    assert not finding(filled, "quarantine").ok


def test_orphans_are_counted(filled: Home) -> None:
    (filled.lake / "calls" / "stray.parquet").touch()
    found = finding(filled, "unfinished files")
    assert found.ok
    assert found.text.startswith("1 files")


def test_a_disk_that_is_nearly_full(filled: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "LEAST_FREE_BYTES", 1 << 62)
    found = finding(filled, "disk")
    assert not found.ok
    assert found.next_step


@pytest.mark.parametrize("concern", CONCERNS)
def test_a_damaged_database(filled: Home, concern: Concern) -> None:
    write_anew(filled)
    path = filled.databases / f"{concern}.sqlite"
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    damaged = finding(filled, "databases")
    assert (damaged.ok, damaged.text) == (False, f"damaged: {concern}")
    assert "copy" in damaged.next_step
