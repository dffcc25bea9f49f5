"""`add-operator` as a person and a program use it: what is printed, asked, written, refused."""

from __future__ import annotations

import json
import os
import pty
import select
import subprocess
import sys
from pathlib import Path

import pytest

from ingest.mapping.operators import load_operator
from tests.api.cli.commands import answered, command, done
from tests.ingest.guessing.invented import KINDS, Kind, calls

BY_NAME = {kind.name: kind for kind in KINDS}


def sample(kind: Kind, folder: Path) -> Path:
    file = folder / kind.file
    file.write_bytes(kind.made_of(calls()))
    return file


@pytest.fixture
def asterisk(tmp_path: Path) -> Path:
    return sample(BY_NAME["asterisk"], tmp_path)


def test_the_mapping_is_written_and_takes_the_sample_as_announced(asterisk: Path, tmp_path: Path) -> None:
    home = str(tmp_path / "home")
    said = done("add-operator", "mine", "--sample", str(asterisk), "--home", home)
    taken = done("ingest", str(asterisk), "--operator", "mine", "--home", home)["files"][0]
    for count in ("status", "rows", "accepted", "dead_lettered", "duplicates", "reasons", "warnings"):
        assert taken[count] == said["sample"][count]
    assert len(said["calls"]) == 10
    assert load_operator("mine", tmp_path / "home" / "operators").country == "IN"
    assert done("add-operator", "--check", "mine", "--home", home) == {
        "operator": "mine",
        "ok": True,
        "differences": [],
    }


def test_a_person_sees_guesses_calls_and_the_next_step(asterisk: Path, tmp_path: Path) -> None:
    finished = command("add-operator", "mine", "--sample", str(asterisk), "--home", str(tmp_path / "home"), "--yes")
    assert finished.returncode == 0
    for told in ("delimiter", "because", "The first 10 calls", "120 rows 120 would be calls (100.0%)", "fictional"):
        assert told in finished.stdout
    assert "accountcode" in finished.stdout.partition("mean nothing here:")[2]
    assert "ringfence ingest" in finished.stdout


def test_a_number_of_the_home_is_looked_up_as_its_mapping_says(tmp_path: Path) -> None:
    home, file = str(tmp_path / "home"), sample(BY_NAME["semicolons"], tmp_path)
    done("add-operator", "mine", "--sample", str(file), "--country", "IN", "--home", home)
    done("run", str(file), "--operator", "mine", "--home", home)
    caller = calls()[0].caller
    [found] = done("lookup", "0" + caller[3:], "--home", home)["numbers"]
    assert found["number"] == caller


def test_what_is_not_sure_must_be_said(tmp_path: Path) -> None:
    file, home = sample(BY_NAME["no header"], tmp_path), tmp_path / "home"
    refused = answered("add-operator", "mine", "--sample", str(file), "--home", str(home), code=2)
    assert "--caller" in refused["error"]["message"]
    assert "columns of the sample: column1, column2" in refused["error"]["message"]
    assert not (home / "operators").exists()
    said = ("--caller", "1", "--callee", "column2", "--duration", "4", "--country", "IN")
    assert done("add-operator", "mine", "--sample", str(file), "--home", str(home), *said)["sample"]["accepted"] == 120


def test_a_column_that_is_missing_is_named_with_its_option(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("caller,start,duration,cost\n" + "+919876543210,2026-01-13T00:00:00Z,5,1\n" * 30)
    refused = answered("add-operator", "mine", "--sample", str(file), "--home", str(tmp_path / "home"), code=2)
    assert "callee" in refused["error"]["message"]
    assert "--callee" in refused["error"]["message"]
    assert "caller, start, duration, cost" in refused["error"]["message"]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (("--country", "India"), "--country"),
        (("--zone", "Mars"), "--zone"),
        (("--caller", "nobody"), "there is no column 'nobody'"),
        (("--duration-unit", "hours"), "--duration-unit"),
        (("--time-format", "%Q"), "--time-format"),
        (("--delimiter", "and"), "--delimiter"),
        (("--into", "/tmp"), "no checkout"),
    ],
)
def test_what_cannot_be_is_wrong_usage(said: tuple[str, ...], told: str, asterisk: Path, tmp_path: Path) -> None:
    home = str(tmp_path / "home")
    finished = command("add-operator", "mine", "--sample", str(asterisk), "--home", home, "--yes", *said)
    assert finished.returncode == 2
    assert told in finished.stderr


def test_names_and_what_is_there_already(asterisk: Path, tmp_path: Path) -> None:
    home = ("--home", str(tmp_path / "home"))
    assert "no name" in command("add-operator", "../x", "--sample", str(asterisk), *home).stderr
    assert "is shipped" in command("add-operator", "generic", "--sample", str(asterisk), *home).stderr
    assert "--sample" in command("add-operator", "mine", *home).stderr
    done("add-operator", "mine", "--sample", str(asterisk), *home)
    again = command("add-operator", "mine", "--sample", str(asterisk), *home)
    assert again.returncode == 2
    assert "--force" in again.stderr
    done("add-operator", "mine", "--sample", str(asterisk), "--force", *home)


def test_nothing_is_written_where_nothing_would_be_taken(tmp_path: Path) -> None:
    file, home = sample(BY_NAME["asterisk"], tmp_path), tmp_path / "home"
    refused = command(
        "add-operator", "mine", "--sample", str(file), "--home", str(home), "--yes", "--time-format", "epoch_s"
    )
    assert refused.returncode == 3
    assert "started_malformed" in refused.stdout
    assert not (home / "operators").exists()


def test_a_mapping_for_a_checkout(asterisk: Path, tmp_path: Path) -> None:
    checkout = tmp_path / "ringfence"
    for folder in ("configs", "tests"):
        (checkout / folder / "operators").mkdir(parents=True)
    into = ("--into", str(checkout), "--home", str(tmp_path / "home"))
    done("add-operator", "mine", "--sample", str(asterisk), *into)
    assert (checkout / "configs/operators/mine.yaml").is_file()
    cases = checkout / "tests/operators/mine"
    assert sorted(path.name for path in cases.iterdir()) == ["expected.csv", "rejected.json", "sample.csv"]
    assert json.loads((cases / "rejected.json").read_text())["sample.csv"]["accepted"] == 120
    assert done("add-operator", "mine", "--check", *into)["ok"] is True


def test_a_mapping_that_was_mended_wrongly_fails_its_tests(asterisk: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    done("add-operator", "mine", "--sample", str(asterisk), "--home", str(home))
    mapping = home / "operators" / "mine.yaml"
    mapping.write_text(mapping.read_text().replace("from: src", "from: dst"))
    failed = answered("add-operator", "mine", "--check", "--home", str(home), code=1)
    assert any("caller" in difference for difference in failed["differences"])
    assert command("add-operator", "other", "--check", "--home", str(home)).returncode == 1


def test_an_unknown_operator_is_wrong_usage_and_told_what_to_do(tmp_path: Path) -> None:
    finished = command("ingest", "x.csv", "--operator", "nobody", "--home", str(tmp_path))
    assert finished.returncode == 2
    assert "add-operator" in finished.stderr


def test_at_a_terminal_only_what_is_unsure_is_asked(tmp_path: Path) -> None:
    file, home = sample(BY_NAME["no header"], tmp_path), tmp_path / "home"
    answers = [
        ("caller: by its place", "9"),
        ("there is no column '9'", "1"),
        ("callee: by its place", ""),
        ("duration: one of the columns", "column4"),
        ("Write ", "y"),
    ]
    asked = at_a_terminal(
        ["add-operator", "mine", "--sample", str(file), "--country", "IN", "--home", str(home)], answers
    )
    assert "Written:" in asked
    assert "time format:" not in asked
    assert load_operator("mine", home / "operators").fields["callee"].sources == ("column2",)


def test_at_a_terminal_no_is_no(asterisk: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    arguments = ["add-operator", "mine", "--sample", str(asterisk), "--home", str(home)]
    assert "nothing was written" in at_a_terminal(arguments, [("Write ", "n")])
    assert not (home / "operators").exists()


def at_a_terminal(arguments: list[str], answers: list[tuple[str, str]]) -> str:
    """Run the command at a terminal, give each answer in turn when its question is seen, and return what was shown."""
    ours, theirs = pty.openpty()
    command_line = [sys.executable, "-c", "from api.cli import main; main()", *arguments]
    shown, seen = "", 0
    with subprocess.Popen(
        command_line, stdin=theirs, stdout=theirs, stderr=theirs, env={**os.environ, "COLUMNS": "200"}
    ) as process:
        os.close(theirs)
        while chunk := _read(ours):
            shown += chunk
            place = shown.find(answers[0][0], seen) if answers else -1
            if place >= 0 and shown.rstrip().endswith(":"):
                seen = len(shown)
                os.write(ours, f"{answers.pop(0)[1]}\n".encode())
        process.wait(timeout=60)
    os.close(ours)
    assert answers == [], shown
    return shown


def _read(terminal: int) -> str:
    """Give what is shown next, nothing at the end."""
    ready, _, _ = select.select([terminal], [], [], 120)
    try:
        return os.read(terminal, 65_536).decode("utf-8", "replace") if ready else ""
    except OSError:  # Linux says so when the other side is closed
        return ""
