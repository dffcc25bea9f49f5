"""Rows of erased numbers are left out of what comes later, unless the number is somebody else's by then."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from configs import load_settings
from ingest.cdr import CALL_SCHEMA
from ingest.erased import tombstones
from ingest.erased.erased import Erased
from ingest.erasing.dead import readers_of
from ingest.home import Home
from ingest.ledger.database import open_database
from ingest.ledger.dead_letters import DeadLetter, read_letters
from ingest.ledger.ledger import find_batches
from ingest.records.chunk import DEAD
from tests.ingest.erasures import callee, caller, erase, files_with
from tests.ingest.key_samples import calls_with
from tests.ingest.samples import HEADER, call_line, call_lines, calls_of, take, write_csv

MAY = 1_777_593_600_000_000  # 2026-05-01T00:00Z in µs
DAY = 86_400_000_000
MARGIN = 5 * 60_000_000  # future_minutes
ONE = caller(1)


def letters_of(home: Home) -> list[DeadLetter]:
    engine = open_database(home, "ledger")
    return [letter for batch in find_batches(engine) for letter in read_letters(engine, batch.id)]


def assert_counts_add_up(home: Home) -> None:
    for batch in find_batches(open_database(home, "ledger")):
        assert batch.accepted + batch.dead_lettered + batch.duplicates == batch.rows


def test_nothing_is_looked_at_where_nothing_is_erased(home: Home) -> None:
    assert Erased.load(home, open_database(home, "ledger"), load_settings().ingest) is None


def test_the_same_calls_in_another_file_are_dead_letters_without_content(home: Home, tmp_path: Path) -> None:
    take(home, write_csv(tmp_path / "a.csv", call_lines(40)))
    erase(home, ONE)
    report = take(home, write_csv(tmp_path / "b.csv", call_lines(60)))
    gone = sum(i % 7 == 1 for i in range(60))
    (file,) = report.files
    assert (file.accepted, file.duplicates, file.reasons) == (20 - 3, 40 - 6, {"erased": gone})
    assert file.warnings.keys() <= {"dead_per_mille"}
    assert {(letter.reason, letter.raw) for letter in letters_of(home)} == {("erased", b"")}
    assert files_with(home, ONE) == []
    assert_counts_add_up(home)


def test_the_very_same_file_changes_nothing(home: Home, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", call_lines(40))
    take(home, path)
    erase(home, ONE)
    before = calls_of(home)
    assert take(home, path).files[0].repeated
    assert calls_of(home).equals(before)
    assert files_with(home, ONE) == []


@pytest.mark.parametrize(
    ("erased_at", "accepted"), [(MAY - MARGIN - 1, 1), (MAY - MARGIN, 0), (MAY, 0), (MAY - DAY, 1)]
)
def test_calls_from_after_the_erasure_are_new_data(home: Home, tmp_path: Path, erased_at: int, accepted: int) -> None:
    erase(home, ONE, at=erased_at)
    report = take(home, write_csv(tmp_path / "a.csv", [call_line(0, 1)]))
    assert (report.accepted, report.dead_lettered) == (accepted, 1 - accepted)


def test_every_side_counts(home: Home, tmp_path: Path) -> None:
    erase(home, ONE, callee(7))
    other = f"{caller(2)},{caller(3)},5,2026-05-01T00:00:00Z"
    lines = [f"{call_line(0, 1)},", f"{call_line(7, 2)},", f"{other},+91 98765-00001", f"{other},{caller(4)}"]
    report = take(home, write_csv(tmp_path / "a.csv", lines, f"{HEADER},forwarded_to"))
    assert (report.accepted, report.files[0].reasons) == (1, {"erased": 3})
    assert calls_of(home)["forwarded_to"].to_pylist() == [caller(4)]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (f"{ONE},{callee(0)},x,2026-05-01T00:00:00Z", "erased"),
        (f"{ONE},{callee(0)},5,yesterday", "erased"),
        (f"{ONE},{callee(0)},5,9999-13-01T00:00:00Z", "erased"),
        (f"x,{ONE},5,2026-05-01T00:00:00Z", "erased"),
        (f"{ONE},{callee(0)},5", "row_columns"),
        (f'"{ONE}",{callee(0)},"5,2026-05-01T00:00:00Z', "row_quotes"),
        (f"{callee(1)},{callee(0)},5,09876500001", "started_malformed"),
    ],
)
def test_rows_that_are_no_calls_leave_nothing_of_the_number(home: Home, tmp_path: Path, line: str, reason: str) -> None:
    erase(home, ONE)
    take(home, write_csv(tmp_path / "a.csv", [line, "12,x"]))
    assert sorted((letter.reason, letter.raw) for letter in letters_of(home)) == sorted(
        [(reason, b""), ("row_columns", b"12,x")]
    )
    assert files_with(home, ONE) == []


def test_dead_rows_that_show_other_numbers_are_kept(home: Home, tmp_path: Path) -> None:
    erase(home, ONE)
    take(home, write_csv(tmp_path / "a.csv", ["x,y,z,", f"{caller(2)},{callee(1)},-,2026-05-01T00:00:00Z"]))
    assert {letter.raw for letter in letters_of(home)} == {
        b"x,y,z,",
        f"{caller(2)},{callee(1)},-,2026-05-01T00:00:00Z".encode(),
    }


def test_rows_of_a_stream_are_sifted_and_all_accounted_for(home: Home) -> None:
    engine = open_database(home, "ledger")
    tombstones.enter(home, engine, [ONE])
    erased = Erased.load(home, engine, load_settings().ingest)
    assert erased is not None
    numbers = [caller(2), ONE, caller(3), ONE]
    plain = calls_with([(0, bytes([place]) * 16) for place in range(4)]).drop("caller")
    calls = plain.append_column("caller", pa.array(numbers)).select(CALL_SCHEMA.names)
    dead = pa.Table.from_pylist(
        [{"row": 1, "reason": "row_nul", "raw": b"x"}, {"row": 3, "reason": "row_nul", "raw": ONE.encode()}], DEAD
    )
    kept, letters = erased.sift(calls, dead, 6, readers_of(home, "generic"))
    assert kept["caller"].to_pylist() == [caller(2), caller(3)]
    assert [tuple(letter.values()) for letter in letters.to_pylist()] == [
        (1, "row_nul", b"x"),
        (2, "erased", b""),
        (3, "row_nul", b""),
        (5, "erased", b""),
    ]
