"""`deadletters`: listed, shown without harm, exported without harm, and replayed after a mapping is mended."""

from __future__ import annotations

import base64
import csv
import json
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.console import Console

from api.cli import dead
from ingest.dead.export import ShownLetter
from ingest.home import Home
from tests.api.cli.commands import answered, command, done
from tests.ingest.replaying import MENDED, WRONG, write_mapping

HEADER = b"a,b,t,d\n"
HARMFUL = [
    b'=HYPERLINK("http://example.com")',
    b"+1,2,3,4",
    b"-1",
    b"@SUM(A1)",
    b"\tx",
    b"\rx",
    b'"\n=1"',
    "＝1+1".encode(),
    b"plain, 'quoted'",
    b"\x1b[31mred\x1b[0m",
    "\u202egnp.exe".encode(),
    b"\xff\xfe",
    b"\x00",
]
CALL = "+9198765{0:05d},+9187654{0:05d},2026-05-01 0{0}:00:00,{0}"
CALLS = "".join(CALL.format(place) + "\n" for place in range(5)).encode()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A home whose mapping `mine` cannot read the times of its file."""
    home = Home(tmp_path / "home").create()
    write_mapping(home, WRONG)
    ingest(home.root, "calls.csv", HEADER + CALLS)
    return home.root


@pytest.fixture
def harmed(tmp_path: Path) -> Path:
    """A home with dead rows that mean harm to whoever looks at them."""
    home = Home(tmp_path / "home").create()
    write_mapping(home, WRONG)
    ingest(home.root, "=cmd.csv", HEADER + b"\n".join(HARMFUL) + b"\n")
    return home.root


def ingest(home: Path, name: str, data: bytes) -> None:
    file = home.parent / name
    file.write_bytes(data)
    done("ingest", str(file), "--home", str(home), "--operator", "mine")


def exported(home: Path, name: str, *more: str) -> Path:
    out = home.parent / name
    done("deadletters", "export", "--home", str(home), "--out", str(out), *more)
    return out


def test_files_are_listed_with_reasons_and_their_meaning(folder: Path) -> None:
    ingest(folder, "others.csv", HEADER + b"x\n" + CALLS)
    listed = done("deadletters", "list", "--home", str(folder))
    assert listed["total"] == 2
    newest, oldest = listed["batches"]
    assert (newest["file"], oldest["file"]) == ("others.csv", "calls.csv")
    assert (oldest["operator"], oldest["rows"], oldest["dead_lettered"]) == ("mine", 5, 5)
    assert oldest["taken_at"].endswith("Z")
    (reason,) = oldest["reasons"]
    assert (reason["reason"], reason["count"]) == ("started_malformed", 5)
    assert "the mapping's format" in reason["meaning"]
    assert {r["reason"] for r in newest["reasons"]} == {"started_malformed", "row_columns"}
    shown = command("deadletters", "list", "--home", str(folder), "--limit", "1")
    assert "row_columns" in shown.stdout
    assert "calls.csv" not in shown.stdout
    assert "1 more files" in shown.stdout


@pytest.mark.parametrize(
    ("chosen", "files"),
    [
        (("--file", "calls.csv"), {"calls.csv"}),
        (("--reason", "row_columns"), {"others.csv"}),
        (("--reason", "row_columns", "--reason", "started_malformed"), {"calls.csv", "others.csv"}),
        (("--operator", "generic"), set()),
        (("--operator", "mine"), {"calls.csv", "others.csv"}),
        (("--batch", "zz"), set()),
        (("--batch", "%"), set()),
    ],
)
def test_what_is_asked_for_is_listed(folder: Path, chosen: tuple[str, ...], files: set[str]) -> None:
    ingest(folder, "others.csv", HEADER + b"x\n" + CALLS)
    listed = done("deadletters", "list", "--home", str(folder), *chosen)
    assert {batch["file"] for batch in listed["batches"]} == files


def test_rows_are_shown_with_place_and_reason(folder: Path) -> None:
    shown = done("deadletters", "show", "--home", str(folder), "--limit", "2")
    assert shown["more"]
    assert [(letter["row"], letter["reason"], letter["raw"]) for letter in shown["letters"]] == [
        (place, "started_malformed", CALL.format(place)) for place in range(2)
    ]
    assert CALL.format(3) in command("deadletters", "show", "--home", str(folder)).stdout


def test_nothing_that_is_shown_moves_the_terminal(harmed: Path) -> None:
    shown = command("deadletters", "show", "--home", str(harmed)).stdout
    lines = shown.splitlines()
    assert all(character.isprintable() for line in lines for character in line)
    for visible in (r"\x1b[31mred\x1b[0m", r"\u202egnp.exe", r"\xff\xfe", r"\rx", r"\x00"):
        assert visible in shown


def test_a_row_is_cut_at_the_terminals_width(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(dead, "person", Console(width=60))
    dead._print_letters([ShownLetter("a.csv", "b", 1, "row_columns", "x" * 5_000, None)])
    lines = capsys.readouterr().out.splitlines()
    assert sum("x" * 10 in line for line in lines) == 1
    assert all(len(line) <= 60 for line in lines)


def test_csv_is_exported_without_formulas(harmed: Path) -> None:
    out = exported(harmed, "out.csv")
    raw = out.read_bytes()
    assert raw.startswith(b"file,batch,row,reason,raw,raw_base64\r\n")
    with out.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert not [cell for row in rows for cell in row.values() if cell.startswith(tuple("=+-@\t\r\n＝"))]
    assert {row["file"] for row in rows} == {"'=cmd.csv"}
    back = [base64.b64decode(row["raw_base64"]) if row["raw_base64"] else row["raw"].encode() for row in rows]
    assert [given.removeprefix(b"'") for given in back] == [given.removeprefix(b"'") for given in letters(harmed)]
    assert [int(row["row"]) for row in rows] == list(range(len(rows)))


def test_lines_are_exported_as_they_are(harmed: Path) -> None:
    rows = [json.loads(line) for line in exported(harmed, "out.jsonl").read_text(encoding="utf-8").splitlines()]
    assert {row["file"] for row in rows} == {"=cmd.csv"}
    found = [base64.b64decode(row["raw_base64"]) if row["raw"] is None else row["raw"].encode() for row in rows]
    assert found == list(letters(harmed))
    assert set(found) >= {b"\xff\xfe", b"\x00", b"@SUM(A1)"}


def letters(home: Path) -> Iterator[bytes]:
    """The dead rows as the command gives them to programs."""
    for letter in done("deadletters", "show", "--home", str(home))["letters"]:
        yield base64.b64decode(letter["raw_base64"]) if letter["raw"] is None else letter["raw"].encode()


def test_an_export_is_private_and_overwrites_only_when_told(folder: Path) -> None:
    out = exported(folder, "out.csv", "--reason", "row_columns")
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    before = out.read_bytes()
    asked = ("deadletters", "export", "--home", str(folder), "--out", str(out))
    refused = answered(*asked, code=1)
    assert "--force" in refused["error"]["message"]
    assert out.read_bytes() == before
    assert done(*asked, "--force")["rows"] == 5
    assert len(out.read_text(encoding="utf-8").splitlines()) == 6
    assert not list(out.parent.glob("*.part"))


@pytest.mark.parametrize(
    "wrong",
    [
        ("export", "--out", "x.xlsx"),
        ("export",),
        ("list", "--reason", "nonsense"),
        ("list", "--limit", "0"),
        ("replay", "--operator", "nobody"),
    ],
)
def test_wrong_usage_is_exit_code_2(folder: Path, wrong: tuple[str, ...]) -> None:
    assert command("deadletters", *wrong, "--home", str(folder)).returncode == 2


def test_a_home_without_data_is_told(tmp_path: Path) -> None:
    for what in (("list",), ("show",), ("replay",), ("export", "--out", str(tmp_path / "x.csv"))):
        assert (
            "ringfence run"
            in answered("deadletters", *what, "--home", str(tmp_path / "no"), code=1)["error"]["message"]
        )


def test_after_the_mapping_is_mended_rows_become_calls(folder: Path) -> None:
    write_mapping(Home(folder), MENDED)
    dry = done("deadletters", "replay", "--home", str(folder), "--dry-run")
    assert (dry["dry_run"], dry["became_calls"], dry["accepted"]) == (True, {"started_malformed": 5}, 0)
    report = done("deadletters", "replay", "--home", str(folder))
    assert (report["became_calls"], report["accepted"], report["dead_lettered"]) == ({"started_malformed": 5}, 5, 0)
    (batch,) = report["batches"]
    assert (batch["file"], batch["accepted"], batch["message"]) == ("calls.csv", 5, None)
    again = done("deadletters", "replay", "--home", str(folder))
    assert (again["batches"], again["accepted"]) == ([], 0)
    assert done("deadletters", "list", "--home", str(folder)) == {"batches": [], "total": 0}


def test_a_person_is_told_what_became_of_which_reason(folder: Path) -> None:
    write_mapping(Home(folder), MENDED)
    assert "would become calls" in command("deadletters", "replay", "--home", str(folder), "--dry-run").stdout
    said = command("deadletters", "replay", "--home", str(folder)).stdout
    assert "started_malformed" in said
    assert "5 calls are new in the lake" in said
    assert "0 dead rows are left" in said


def test_a_file_that_cannot_be_read_again_is_told_and_is_exit_code_4(folder: Path) -> None:
    write_mapping(Home(folder), {**MENDED, "fields": {**MENDED["fields"], "caller": {"from": "nowhere"}}})
    finished = command("deadletters", "replay", "--home", str(folder))
    assert finished.returncode == 4
    assert "nowhere" in finished.stderr


def test_a_file_of_many_dead_rows_is_warned_about_everywhere(tmp_path: Path) -> None:
    home = Home(tmp_path / "home").create()
    write_mapping(home, WRONG)
    file = tmp_path / "calls.csv"
    file.write_bytes(HEADER + CALLS)
    arguments = ("ingest", str(file), "--home", str(home.root), "--operator", "mine")
    said = command(*arguments)
    assert "5 of 5 rows were no calls (100.0%)" in said.stderr
    assert "ringfence deadletters list" in said.stderr
    (told,) = answered(*arguments)["files"]
    assert told["warnings"] == {"dead_per_mille": 1000}
    checks = {check["name"]: check for check in done("doctor", "--home", str(home.root))["checks"]}
    assert "calls.csv" in checks["dead letters"]["text"]
    assert "deadletters" in checks["dead letters"]["next_step"]
    write_mapping(home, MENDED)
    done("deadletters", "replay", "--home", str(home.root))
    checks = {check["name"]: check for check in done("doctor", "--home", str(home.root))["checks"]}
    assert checks["dead letters"]["next_step"] == ""


def test_a_setting_holds_such_a_file_back_until_the_mapping_is_mended(tmp_path: Path) -> None:
    home = Home(tmp_path / "home").create()
    write_mapping(home, WRONG)
    (home.root / "settings.yaml").write_text("ingest: {hold_dead_share: 0.05}\n")
    file = tmp_path / "calls.csv"
    file.write_bytes(HEADER + CALLS)
    arguments = ("ingest", str(file), "--home", str(home.root), "--operator", "mine")
    (held,) = answered(*arguments, code=3)["files"]
    assert (held["status"], held["reason"], held["rows"]) == ("REJECTED", "held_too_many_dead", 0)
    assert "mend the mapping" in held["message"]
    assert done("deadletters", "list", "--home", str(home.root))["total"] == 0
    write_mapping(home, MENDED)
    (taken,) = done(*arguments)["files"]
    assert (taken["status"], taken["accepted"]) == ("COMPLETED", 5)


def test_a_held_file_is_taken_when_the_setting_is_raised(tmp_path: Path) -> None:
    home = Home(tmp_path / "home").create()
    write_mapping(home, WRONG)
    file = tmp_path / "calls.csv"
    file.write_bytes(HEADER + CALLS)
    arguments = ("ingest", str(file), "--home", str(home.root), "--operator", "mine")
    (home.root / "settings.yaml").write_text("ingest: {hold_dead_share: 0.99}\n")
    answered(*arguments, code=3)
    (home.root / "settings.yaml").write_text("ingest: {hold_dead_share: 1.0}\n")
    (taken,) = done(*arguments)["files"]
    assert (taken["status"], taken["dead_lettered"]) == ("COMPLETED_WITH_REJECTS", 5)
