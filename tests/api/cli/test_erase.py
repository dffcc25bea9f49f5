"""`erase` on the command line: numbers come on standard input, and are never said."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from api.cli.app import app
from api.cli.erase import MOST_LINES
from ingest.home import Home
from tests.api.cli.commands import Finished, command, done
from tests.api.erased_homes import alerted
from tests.ingest.erasures import files_with

FIELDS = ["line", "number", "calls", "dead_letters", "alerts", "campaigns"]


@pytest.fixture
def home(run_home: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(run_home, tmp_path / "home"))


def given(typed: str, *arguments: str) -> Finished:
    """Run `erase` with something on standard input, which is no terminal."""
    result = CliRunner().invoke(app, ["erase", *arguments], input=typed, prog_name="ringfence")
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Finished(result.exit_code, result.stdout, result.stderr)


def told(finished: Finished) -> dict[str, Any]:
    assert finished.returncode == 0, finished.stdout + finished.stderr
    value: dict[str, Any] = json.loads(finished.stdout)
    return value


def test_json_is_one_object_and_says_no_number(home: Path) -> None:
    number, other = alerted(Home(home))[:2]
    finished = given(f"{number}\n\n{other[1:]}\n+94771234567\n", "--home", str(home), "--yes", "--json")
    report = told(finished)
    assert [list(row) for row in report["numbers"]] == [FIELDS] * 3
    assert [row["line"] for row in report["numbers"]] == [1, 3, 4]
    assert [row["number"] for row in report["numbers"]] == [f"…{number[-2:]}", f"…{other[-2:]}", "…67"]
    assert [row["calls"] > 0 for row in report["numbers"]] == [True, True, False]
    assert report["degraded"] is None
    for said in (finished.stdout, finished.stderr):
        assert not any(digits in said for digits in (number[3:], other[3:], "771234567"))
    assert done("lookup", number, "--home", str(home))["numbers"][0]["verdict"] == "NO_DATA"
    assert files_with(Home(home), number) == []
    assert done("doctor", "--home", str(home))["ok"]


def test_a_person_reads_a_table(home: Path) -> None:
    number = alerted(Home(home))[0]
    first = given(number, "--home", str(home), "--yes")
    assert first.returncode == 0
    assert f"…{number[-2:]}" in first.stdout
    assert number[3:] not in first.stdout + first.stderr
    again = given(number, "--home", str(home), "--yes")
    assert again.returncode == 0
    assert "0 calls" in again.stdout


def test_it_is_not_done_without_being_asked(home: Path) -> None:
    number = alerted(Home(home))[0]
    refused = given(number, "--home", str(home))
    assert refused.returncode == 2
    assert "--yes" in refused.stderr
    assert files_with(Home(home), number)


@pytest.mark.parametrize(("answer", "erased"), [("y\n", True), ("n\n", False)])
def test_at_a_terminal_it_asks(home: Path, answer: str, erased: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    number = alerted(Home(home))[0]
    monkeypatch.setattr("api.cli.erase._is_terminal", lambda: True)
    monkeypatch.setattr("api.cli.erase._lines", lambda: [number])  # a terminal goes on after Ctrl-D, a pipe does not
    finished = given(answer, "--home", str(home))
    assert finished.returncode == (0 if erased else 1)
    assert "for good?" in finished.stderr
    assert number[3:] not in finished.stdout + finished.stderr
    assert bool(files_with(Home(home), number)) != erased


@pytest.mark.parametrize("typed", ["", "\n \n"])
def test_without_numbers_it_is_wrong_usage(home: Path, typed: str) -> None:
    assert given(typed, "--home", str(home), "--yes").returncode == 2


def test_arguments_are_no_numbers(home: Path) -> None:
    assert given("", "--home", str(home), "--yes", "+94771234567").returncode == 2


@pytest.mark.parametrize("typed", ["+919876543210\nnobody\n", "9" * 40])
def test_what_is_no_number_is_refused_whole(home: Path, typed: str) -> None:
    finished = given(typed, "--home", str(home), "--yes", "--json")
    assert finished.returncode == 3
    assert "nobody" not in finished.stdout + finished.stderr
    assert not Home(home).erasures.exists()


def test_too_many_are_refused(home: Path) -> None:
    assert given("+919876543210\n" * (MOST_LINES + 1), "--home", str(home), "--yes").returncode == 1
    assert given("9" * 1000, "--home", str(home), "--yes").returncode == 1
    assert not Home(home).erasures.exists()


def test_a_home_without_anything(tmp_path: Path) -> None:
    assert given("+919876543210", "--home", str(tmp_path / "none"), "--yes").returncode == 1


def test_a_lost_key_is_told(home: Path) -> None:
    number = alerted(Home(home))[0]
    assert given(number, "--home", str(home), "--yes").returncode == 0
    assert {check["name"]: check["text"] for check in done("doctor", "--home", str(home))["checks"]}["erasures"] == (
        "1 numbers are erased"
    )
    (home / "erasures" / "key").unlink()
    assert "restore it" in command("doctor", "--home", str(home)).stdout
    finished = command("ingest", str(home / "nothing.csv"), "--home", str(home))
    assert finished.returncode == 1
    assert "restore it" in finished.stderr
