"""Files reach `ringfence ingest` as users have them: by name, pattern, archive or standard input; or are refused."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from typer.testing import CliRunner

from api.cli.app import app
from ingest.deliveries.finding import STANDARD_INPUT, Source
from ingest.deliveries.standard_input import as_file
from tests.api.cli.commands import answered, command
from tests.ingest.deliveries.test_archives import zipped
from tests.ingest.samples import call_lines, text_of

CALLS = text_of(call_lines(30)).encode()
OTHERS = text_of(call_lines(30, start=30)).encode()


@pytest.fixture
def home(tmp_path: Path) -> str:
    return str(tmp_path / "home")


def piped(data: bytes, home: str, *arguments: str) -> dict[str, Any]:
    result = CliRunner().invoke(app, ["ingest", "-", "--home", home, "--json", *arguments], input=data)
    assert isinstance(result.exception, SystemExit | None), result.exception
    found: dict[str, Any] = json.loads(result.stdout)
    return {**found["files"][0], "code": result.exit_code}


@pytest.mark.parametrize(
    "data",
    [CALLS, gzip.compress(CALLS, mtime=0), pa.compress(CALLS, "zstd", asbytes=True)],
    ids=["plain", "gzip", "zstd"],
)
def test_standard_input_is_recognised_as_packed_or_not(home: str, tmp_path: Path, data: bytes) -> None:
    file = piped(data, home)
    assert (file["file"], file["status"], file["accepted"], file["code"]) == ("-", "COMPLETED", 30, 0)
    assert not list((Path(home) / "staging").iterdir())
    (tmp_path / "a.csv").write_bytes(CALLS)
    assert answered("ingest", str(tmp_path / "a.csv"), "--home", home)["files"][0]["repeated"]


def test_an_archive_and_another_format_on_standard_input(home: str) -> None:
    assert piped(zipped(("a.csv", CALLS)), home)["file"] == "-!a.csv"
    file = piped(CALLS, home, "--format", "parquet")
    assert (file["reason"], file["code"]) == ("parquet_damaged", 3)
    assert piped(b"", home)["reason"] == "header_missing"


def test_standard_input_has_a_limit(home: str) -> None:
    Path(home).mkdir()
    (Path(home) / "settings.yaml").write_text("ingest: {max_stdin_bytes: 1000}\n")
    file = piped(CALLS, home)
    assert (file["reason"], file["code"]) == ("file_unreadable", 3)
    assert "max_stdin_bytes" in file["message"]
    assert not list((Path(home) / "staging").iterdir())


def test_a_terminal_is_no_input(home: str, monkeypatch: pytest.MonkeyPatch) -> None:
    ours, terminal = os.openpty()
    with os.fdopen(terminal) as stdin, os.fdopen(ours, "w"):
        monkeypatch.setattr("sys.stdin", stdin)
        with as_file(Source("-", STANDARD_INPUT), Path(home), None, 1000) as source:
            assert "pipe a file in" in str(source.fault)


def test_patterns_folders_and_archives_in_one_command(home: str, tmp_path: Path) -> None:
    (tmp_path / "cdr/2026-05/x").mkdir(parents=True)
    (tmp_path / "cdr/2026-05/x/a.csv").write_bytes(CALLS)
    (tmp_path / "cdr/2026-05/b.zip").write_bytes(zipped(("in/c.csv", OTHERS), ("notes.md", b"x")))
    arguments = (f"{tmp_path}/cdr/2026-*/**/*.csv", f"{tmp_path}/cdr", f"{tmp_path}/no/*.csv")
    report = answered("ingest", *arguments, "--home", home, code=4)
    assert [(file["file"], file["accepted"]) for file in report["files"]] == [
        (f"{tmp_path}/cdr/2026-05/x/a.csv", 30),
        (f"{tmp_path}/cdr/2026-05/b.zip!in/c.csv", 30),
        (f"{tmp_path}/no/*.csv", 0),
    ]
    assert report["passed_over"] == [f"{tmp_path}/cdr/2026-05/b.zip!notes.md"]
    again = answered("ingest", f"{tmp_path}/cdr", "--home", home)
    assert (again["accepted"], again["duplicates"]) == (0, 60)
    assert all(file["repeated"] for file in again["files"])


def test_a_name_that_says_nothing_needs_the_format(home: str, tmp_path: Path) -> None:
    path = tmp_path / "Master.csv.1"
    path.write_bytes(CALLS)
    assert answered("ingest", str(path), "--home", home, code=3)["files"][0]["reason"] == "foreign_type"
    assert answered("ingest", str(path), "--home", home, "--format", "csv")["accepted"] == 30


def quine() -> bytes:
    """An archive in an archive in an archive …, as those that hold themselves look to a reader that goes in."""
    data = zipped(("a.csv", CALLS))
    for _ in range(20):
        data = zipped(("r.zip", data))
    return data


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("bomb.zip", zipped(*((f"{i}.csv", bytes(5_000_000)) for i in range(10))), "bomb_by_ratio"),
        ("bomb.csv.gz", gzip.compress(bytes(50_000_000), mtime=0), "bomb_by_ratio"),
        ("bomb.csv.zst", pa.compress(bytes(50_000_000), "zstd", asbytes=True), "bomb_by_ratio"),
        ("r.zip", quine(), "archive_unsafe"),
        ("cut.zip", zipped(("a.csv", CALLS))[:-7], "archive_damaged"),
        ("cut.csv.gz", gzip.compress(CALLS, mtime=0)[:-7], "gzip_damaged"),
        ("cut.csv.zst", pa.compress(CALLS, "zstd", asbytes=True)[:-7], "zstd_damaged"),
        ("half.zip", zipped(("a.csv", CALLS), ("../../b.csv", OTHERS)), "archive_unsafe"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_hostile_files_are_refused_whole(home: str, tmp_path: Path, name: str, data: bytes, reason: str) -> None:
    (tmp_path / name).write_bytes(data)
    report = answered("ingest", str(tmp_path / name), "--home", home, code=3)
    assert {(file["status"], file["reason"], file["rows"]) for file in report["files"]} == {("REJECTED", reason, 0)}
    assert (report["accepted"], list((Path(home) / "staging").iterdir())) == (0, [])
    assert not list((Path(home) / "lake").rglob("*.parquet"))


def test_what_is_no_file_is_refused_at_once(home: str, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "folder.csv").mkdir()
    names = [str(tmp_path / "pipe.csv"), "/dev/zero", str(tmp_path / "folder.csv"), str(tmp_path / "nowhere.csv")]
    report = answered("ingest", *names, "--home", home, code=3)
    assert [(file["file"], file["reason"]) for file in report["files"]] == [(name, "file_unreadable") for name in names]
    finished = command("ingest", *names, "--home", home)
    assert all(name in finished.stderr for name in names)
