"""The doctor sees what is missing and says what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest import doctor
from ingest.database import migrate
from ingest.doctor import Finding, check
from ingest.home import Home
from ingest.lake import Lake
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
    assert [f.name for f in found] == ["databases", "segments", "unfinished files", "disk"]
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


def test_a_key_file_that_is_missing(filled: Home) -> None:
    next(filled.lake.rglob("*.keys")).unlink()
    assert not finding(filled, "segments").ok


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
