"""Dead letters read again after a mapping is mended: the lake is as if the file had come later, nothing is lost."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from ingest.dead.listing import Wanted
from ingest.dead.share import DEAD_PER_MILLE
from ingest.lake.lake import Lake
from ingest.ledger import ledger
from tests.ingest.replaying import (
    BAD,
    FORMATS,
    GOOD,
    MENDED,
    NAMES,
    WRONG,
    Row,
    as_parquet,
    as_separated,
    assert_accounted,
    engine_of,
    letters_of,
    only_batch,
    replayed,
    taken,
    write_mapping,
    written,
)
from tests.ingest.samples import calls_of, take


@pytest.mark.parametrize("suffix", FORMATS)
def test_the_lake_is_as_if_the_file_had_come_after_the_mapping_was_mended(tmp_path: Path, suffix: str) -> None:
    write, section = FORMATS[suffix]
    file = written(tmp_path / f"calls.{suffix}", write([*GOOD[:20], *BAD, *GOOD[20:]]))
    home, later = taken(tmp_path / "a", WRONG | section, file), taken(tmp_path / "b", MENDED | section, file)
    before = only_batch(home)
    assert (before.rows, before.reasons) == (42, {"caller_characters": 1, "callee_zero": 1, "started_malformed": 40})
    write_mapping(home, MENDED | section)
    (done,) = replayed(home)
    assert done.became_calls == {"started_malformed": 40}
    assert done.read == before.reasons
    assert (done.accepted, done.duplicates, done.dead_lettered) == (40, 0, 2)
    assert Lake(home).digest() == Lake(later).digest()
    assert letters_of(home) == letters_of(later)
    assert (only_batch(home).rows, only_batch(home).id) == (42, before.id)
    assert_accounted(home)


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_second_replay_changes_nothing(tmp_path: Path, suffix: str) -> None:
    write, section = FORMATS[suffix]
    home = taken(tmp_path / "a", WRONG | section, written(tmp_path / f"calls.{suffix}", write([*GOOD, *BAD])))
    write_mapping(home, MENDED | section)
    replayed(home)
    before = Lake(home).digest(), ledger.digest(engine_of(home))
    (done,) = replayed(home)
    assert (done.became_calls, done.accepted, done.dead_lettered) == ({}, 0, 2)
    assert (Lake(home).digest(), ledger.digest(engine_of(home))) == before


def test_typed_times_of_parquet_stay_times(tmp_path: Path) -> None:
    """The mapping's layout is for texts: what was a timestamp is none again only because its row was kept as JSON."""
    layout = {**WRONG, "prefixes": {"77": "+91"}}
    rows: list[Row] = [("77" + caller[3:], *rest) for caller, *rest in GOOD]  # type: ignore[misc]  # the rest keeps its shape
    naive, whole = pa.timestamp("us"), {"d": pa.int64()}
    for name, zone, types in (("naive", None, {}), ("zoned", "Asia/Kolkata", whole)):
        folder = tmp_path / name
        folder.mkdir()
        file = written(folder / "calls.parquet", as_parquet(rows, {"t": naive, **types}, zone))
        home, later = taken(folder / "a", {**WRONG, "prefixes": {"77": "x"}}, file), taken(folder / "b", layout, file)
        assert only_batch(home).reasons == {"caller_characters": 40}
        write_mapping(home, layout)
        assert replayed(home)[0].accepted == 40
        assert Lake(home).digest() == Lake(later).digest()


def test_only_what_is_wanted_is_read_again(tmp_path: Path) -> None:
    first = written(tmp_path / "1.csv", as_separated([*GOOD[:10], *BAD]))
    second = written(tmp_path / "2.csv", as_separated(GOOD[10:]))
    home = taken(tmp_path / "home", WRONG, first, second)
    write_mapping(home, MENDED)
    assert replayed(home, Wanted(operator="generic")) == []
    (done,) = replayed(home, Wanted(file="1.csv", reasons=("caller_characters",)))
    assert (done.read, done.became_calls, done.accepted) == ({"caller_characters": 1}, {}, 0)
    one, two = ledger.find_batches(engine_of(home))
    (done,) = replayed(home, Wanted(batch=two.id[:8]))
    assert (done.file, done.accepted) == ("2.csv", 30)
    assert_accounted(home)
    assert replayed(home, Wanted(batch=one.id))[0].accepted == 10
    assert_accounted(home)


def test_a_row_that_still_fails_has_its_newest_reason(tmp_path: Path) -> None:
    file = written(tmp_path / "a.csv", as_separated([("+919876543210", "+918765432109", "2026-05-01 00:00", "x")]))
    home = taken(tmp_path / "home", WRONG, file)
    assert only_batch(home).reasons == {"started_malformed": 1}
    write_mapping(home, MENDED)
    replayed(home)
    assert only_batch(home).reasons == {"duration_malformed": 1}
    assert [letter.reason for letter in letters_of(home)] == ["duration_malformed"]
    assert_accounted(home)


def test_a_dry_run_says_what_would_be_and_changes_nothing(tmp_path: Path) -> None:
    home = taken(tmp_path / "home", WRONG, written(tmp_path / "a.csv", as_separated([*GOOD, *BAD])))
    write_mapping(home, MENDED)
    before = ledger.digest(engine_of(home))
    (done,) = replayed(home, dry_run=True)
    assert (done.became_calls, done.accepted, done.dead_lettered) == ({"started_malformed": 40}, 0, 42)
    assert ledger.digest(engine_of(home)) == before
    assert not list(home.staging.iterdir())


def test_what_the_lake_has_already_is_counted_as_a_duplicate(tmp_path: Path) -> None:
    file = written(tmp_path / "a.csv", as_separated([*GOOD, *GOOD[:5]]))
    home = taken(tmp_path / "home", WRONG, file)
    write_mapping(home, MENDED)
    take(home, written(tmp_path / "b.csv", as_separated(GOOD[:10])), operator="mine")
    (done,) = replayed(home)
    assert (done.accepted, done.duplicates, done.dead_lettered) == (30, 15, 0)
    first = ledger.find_batches(engine_of(home))[0]
    assert (first.rows, first.accepted, first.duplicates, first.status) == (45, 30, 15, "COMPLETED")
    assert len(calls_of(home)) == 40
    assert_accounted(home)


def test_a_row_kept_only_in_part_cannot_be_read_again(tmp_path: Path) -> None:
    long = ("+919876543210", "+918765432109", "2026-05-01 00:00:00" + " " * 70_000, "5")
    home = taken(tmp_path / "home", WRONG, written(tmp_path / "a.csv", as_separated([long, *GOOD])))
    before = letters_of(home)[0]
    write_mapping(home, MENDED)
    (done,) = replayed(home)
    assert (done.partial, done.accepted, done.dead_lettered) == (1, 40, 1)
    assert letters_of(home) == [before]
    assert_accounted(home)


def test_what_a_record_as_a_whole_was_refused_for_is_not_judged_by_what_is_kept_of_it(tmp_path: Path) -> None:
    twice = b"<r><a>+919876543210</a><a>+919876543211</a><b>+918765432109</b><t>2026-05-01 00:00:00</t><d>5</d></r>"
    good = b"<r><a>+919876543210</a><b>+918765432109</b><t>2026-05-01 00:00:00</t><d>6</d></r>"
    section = {"xml": {"record": "r"}}
    home = taken(tmp_path / "home", WRONG | section, written(tmp_path / "a.xml", b"<x>" + twice + good + b"</x>"))
    write_mapping(home, MENDED | section)
    (done,) = replayed(home)
    assert (done.partial, done.accepted, done.dead_lettered) == (1, 1, 1)


def test_rows_that_the_mended_filter_says_are_no_calls_are_no_rows(tmp_path: Path) -> None:
    home = taken(tmp_path / "home", WRONG, written(tmp_path / "a.csv", as_separated(GOOD)))
    later = taken(tmp_path / "later", WRONG, written(tmp_path / "b.csv", as_separated(GOOD[:1])))
    only = {**MENDED, "only": [{"from": "d", "matches": "^[0-9]$"}]}
    write_mapping(home, only)
    (done,) = replayed(home)
    assert (done.not_calls, done.accepted, done.became_calls) == (30, 10, {"started_malformed": 10})
    batch = only_batch(home)
    assert (batch.rows, batch.warnings["not_calls"]) == (10, 30)
    assert_accounted(home)
    assert only_batch(later).warnings.get("not_calls") is None


def test_the_warning_goes_with_the_dead_rows(tmp_path: Path) -> None:
    home = taken(tmp_path / "home", WRONG, written(tmp_path / "a.csv", as_separated([*GOOD, BAD[0]])))
    assert only_batch(home).warnings[DEAD_PER_MILLE] == 1000
    write_mapping(home, MENDED)
    replayed(home)
    assert DEAD_PER_MILLE not in only_batch(home).warnings


def test_a_mapping_that_the_file_does_not_fit_leaves_all_as_it_was(tmp_path: Path) -> None:
    home = taken(tmp_path / "home", WRONG, written(tmp_path / "a.csv", as_separated(GOOD)))
    before = ledger.digest(engine_of(home))
    write_mapping(home, {**MENDED, "fields": {**MENDED["fields"], "caller": {"from": "nowhere"}}})
    (done,) = replayed(home)
    assert done.message is not None
    assert "nowhere" in done.message
    assert ledger.digest(engine_of(home)) == before


def test_a_batch_whose_header_was_not_kept_says_so(tmp_path: Path) -> None:
    home = taken(tmp_path / "home", WRONG, written(tmp_path / "a.csv", as_separated(GOOD)))
    with engine_of(home).begin() as connection:
        connection.exec_driver_sql("UPDATE batches SET header = NULL, format = NULL")
    write_mapping(home, MENDED)
    (done,) = replayed(home)
    assert done.message is not None
    assert "bring the file again" in done.message
    assert done.dead_lettered == 40


def test_columns_named_in_the_mapping_are_those_of_now(tmp_path: Path) -> None:
    rows = "\n".join(",".join(row) for row in GOOD).encode()
    home = taken(
        tmp_path / "home",
        {**MENDED, "csv": {"header": ["a", "b", "t"]}, "fields": {**MENDED["fields"], "talk_ms": {"constant": "0"}}},
        written(tmp_path / "a.csv", rows),
    )
    assert only_batch(home).reasons == {"row_columns": 40}
    write_mapping(home, {**MENDED, "csv": {"header": list(NAMES)}})
    assert replayed(home)[0].accepted == 40


def test_halves_that_become_readable_make_a_call(tmp_path: Path) -> None:
    """Rows stop being rows where two of them are one call; a half alone waits for its other one."""
    paired = {
        "pairs": {
            "dialog": ["c", "x", "y"],
            "begin": {"from": "m", "in": ["INVITE"]},
            "end": {"from": "m", "in": ["BYE"]},
        }
    }
    fields = {**WRONG["fields"], "talk_ms": {"constant": "0"}}
    wrong = {**WRONG, **paired, "fields": fields}
    mended = {**wrong, "fields": {**fields, "started": {"from": "t", "format": "iso8601"}}}
    lines = [
        "m,c,x,y,a,b,t",
        "INVITE,1,p,q,+919876543210,+918765432109,2026-05-01 10:00:00",
        "BYE,1,q,p,,,2026-05-01 10:00:07",
        "INVITE,2,p,q,+919876543210,+918765432109,2026-05-01 11:00:00",
    ]
    file = written(tmp_path / "a.csv", "\n".join(lines).encode())
    home, later = taken(tmp_path / "a", wrong, file), taken(tmp_path / "b", mended, file)
    assert only_batch(home).reasons == {"started_malformed": 3}
    write_mapping(home, mended)
    (done,) = replayed(home)
    assert (done.accepted, done.dead_lettered) == (1, 0)
    assert calls_of(home)["talk_ms"].to_pylist() == [7_000]
    assert only_batch(home).warnings["waiting_halves"] == 1
    assert Lake(home).digest() == Lake(later).digest()
    assert_accounted(home)
    other = written(tmp_path / "b.csv", f"{lines[0]}\nBYE,2,p,q,,,2026-05-01 11:00:09\n".encode())
    assert take(home, other, operator="mine").accepted == 1
