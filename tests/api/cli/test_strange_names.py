"""File names are whatever somebody chose: bytes that are no UTF-8, and characters that would move the terminal."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ingest.files import spelt
from tests.api.cli.commands import command, done

ROWS = b"caller_id,receiver_id,call_duration,timestamp\n+919876500001,+919876500002,5,2026-05-01T00:00:00Z\nx,y,z,w\n"
NO_UTF8 = b"calls-\xff\xfe.csv"
RED = "calls-\x1b[31mred.csv"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with two files of strange names."""
    given = tmp_path / "given"
    given.mkdir()
    for name in (NO_UTF8, os.fsencode(RED)):
        (given / os.fsdecode(name)).write_bytes(ROWS + name.hex().encode() + b",,,\n")
    return given


def test_names_are_spelt_in_reports_and_asked_for_as_they_are(folder: Path, tmp_path: Path) -> None:
    home = str(tmp_path / "home")
    report = done("ingest", str(folder), "--home", home)
    names = [Path(file["file"]).name for file in report["files"]]
    assert sorted(names) == [RED, r"calls-\xff\xfe.csv"]
    assert [file["rows"] for file in report["files"]] == [3, 3]
    listed = done("deadletters", "list", "--home", home, "--file", os.fsdecode(NO_UTF8))
    assert [batch["file"] for batch in listed["batches"]] == [r"calls-\xff\xfe.csv"]


def test_no_name_colours_the_terminal(folder: Path, tmp_path: Path) -> None:
    told = command("ingest", str(folder), "--home", str(tmp_path / "home"))
    assert told.returncode == 0
    assert "\x1b[31m" not in told.stdout + told.stderr
    assert r"\x1b[31mred" in told.stdout + told.stderr


def test_a_pattern_that_matches_nothing_is_spelt_too(tmp_path: Path) -> None:
    missing = tmp_path / os.fsdecode(b"none-\xff*.csv")
    told = command("ingest", str(missing), "--home", str(tmp_path / "home"))
    assert told.returncode == 3
    assert r"none-\xff*.csv" in (told.stdout + told.stderr).replace("\n", "")


def test_what_is_legible_stays_as_it_is() -> None:
    assert spelt("größe/calls.csv") == "größe/calls.csv"
