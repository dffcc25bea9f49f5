"""Files end in the lake whole or not at all, and every row is accounted for."""

from __future__ import annotations

import gzip
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.home import Home
from ingest.lake.lake import Lake
from ingest.ledger import ledger
from ingest.ledger.database import open_database
from ingest.ledger.dead_letters import read_letters
from ingest.report import IngestReport
from tests.ingest.samples import (
    FULL_HEADER,
    HEADER,
    call_lines,
    calls_of,
    id_of,
    settings_with,
    take,
    text_of,
    write_csv,
)
from tests.research_data import RESEARCH, needs_data

BAD = ["12,+918765432109,5,2026-05-01T00:00:00Z", "+919876543210,+918765432109,5", "x,y,z,"]
SOUP = [*call_lines(6), *BAD, '"', "", "\x00", "a,b,c,d", '"+919876543210",5,', ",,,"]


def digests(home: Home) -> tuple[str, str]:
    return Lake(home).digest(), ledger.digest(open_database(home, "ledger"))


def assert_accounted(report: IngestReport) -> None:
    for file in report.files:
        assert file.accepted + file.dead_lettered + file.duplicates == file.rows
        assert sum(file.reasons.values()) == file.dead_lettered


def test_a_clean_file(home: Home, tmp_path: Path) -> None:
    report = take(home, write_csv(tmp_path / "a.csv", call_lines(500)))
    assert report.as_json() == {
        "files": [
            {
                "file": str(tmp_path / "a.csv"),
                "status": "COMPLETED",
                "rows": 500,
                "accepted": 500,
                "dead_lettered": 0,
                "duplicates": 0,
                "reasons": {},
                "warnings": {},
                "reason": None,
                "message": None,
                "repeated": False,
            }
        ],
        "accepted": 500,
        "dead_lettered": 0,
        "duplicates": 0,
        "passed_over": [],
    }
    assert len(calls_of(home)) == 500
    assert not list(home.staging.iterdir())


def test_dead_letters_keep_file_row_reason_and_text(home: Home, tmp_path: Path) -> None:
    lines = call_lines(10)
    path = write_csv(tmp_path / "a.csv", [*lines[:4], BAD[0], *lines[4:], BAD[1], "y" * 100_000])
    report = take(home, path)
    assert_accounted(report)
    (file,) = report.files
    assert (file.status, file.accepted) == ("COMPLETED_WITH_REJECTS", 10)
    assert file.reasons == {"caller_length": 1, "row_columns": 2}
    (batch,) = ledger.find_batches(open_database(home, "ledger"))
    assert batch.name == "a.csv"
    found = list(read_letters(open_database(home, "ledger"), batch.id))
    assert [(letter.row, letter.reason) for letter in found] == [
        (4, "caller_length"),
        (11, "row_columns"),
        (12, "row_columns"),
    ]
    assert [letter.raw for letter in found] == [BAD[0].encode(), BAD[1].encode(), b"y" * 65_536]


def test_a_header_without_rows_is_completed(home: Home, tmp_path: Path) -> None:
    (file,) = take(home, write_csv(tmp_path / "a.csv", [])).files
    assert (file.status, file.rows) == ("COMPLETED", 0)


def test_the_same_content_again_changes_nothing_and_is_counted(home: Home, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [*call_lines(50), *call_lines(5), *BAD])
    first = take(home, path)
    before = digests(home)
    packed = write_csv(tmp_path / "other name.csv.gz", [*call_lines(50), *call_lines(5), *BAD])
    for again in (path, packed):
        report = take(home, again)
        assert_accounted(report)
        (file,) = report.files
        assert file.repeated
        assert (file.accepted, file.duplicates, file.dead_lettered) == (0, 55, 3)
        assert file.reasons == first.files[0].reasons
        assert digests(home) == before


def test_overlapping_files(home: Home, tmp_path: Path) -> None:
    first = take(home, write_csv(tmp_path / "a.csv", call_lines(300)))
    second = take(home, write_csv(tmp_path / "b.csv", call_lines(300, start=200)))
    assert (first.accepted, second.accepted, second.duplicates) == (300, 200, 100)
    assert len(calls_of(home)) == 500


def test_the_formats_give_the_same_lake(tmp_path: Path) -> None:
    text = text_of(call_lines(100))
    as_text = pyarrow.csv.ConvertOptions(column_types={name: pa.string() for name in HEADER.split(",")})
    strings = pyarrow.csv.read_csv(pa.BufferReader(text.encode()), convert_options=as_text)
    typed = pyarrow.csv.read_csv(pa.BufferReader(text.replace("+", "").encode()))
    pq.write_table(strings, tmp_path / "strings.parquet")
    pq.write_table(typed, tmp_path / "typed.parquet")
    (tmp_path / "packed.parquet.gz").write_bytes(gzip.compress((tmp_path / "typed.parquet").read_bytes(), mtime=0))
    (tmp_path / "plain.csv").write_text(text)
    (tmp_path / "packed.csv.gz").write_bytes(gzip.compress(text.encode(), mtime=0))
    lakes = set()
    for path in sorted(tmp_path.iterdir()):
        home = Home(tmp_path / f"home of {path.name}")
        assert take(home, path).accepted == 100
        lakes.add(Lake(home).digest())
    assert typed.schema.field("timestamp").type == pa.timestamp("s", "UTC")
    assert len(lakes) == 1


def test_a_folder_is_taken_in_order_without_what_does_not_belong(home: Home, tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    write_csv(folder / "2.csv", call_lines(20))
    write_csv(folder / "1.csv.gz", call_lines(10))
    (folder / "truth_numbers.csv").write_text("number,label\n")
    (folder / "world.json").write_text("{}")
    report = take(home, folder)
    assert [(Path(f.file).name, f.accepted, f.duplicates) for f in report.files] == [
        ("1.csv.gz", 10, 0),
        ("2.csv", 10, 10),
    ]
    assert {Path(name).name for name in report.passed_over} == {"truth_numbers.csv", "world.json"}
    assert not report.nothing_taken_in


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.csv", b"", "header_missing"),
        ("a.csv", b"caller_id,receiver_id,timestamp\n", "column_missing"),
        ("a.csv.gz", gzip.compress(text_of(call_lines(100)).encode(), mtime=0)[:-9], "gzip_damaged"),
        ("a.csv.gz", gzip.compress(f"{HEADER}\n{'x' * 10**6}".encode(), mtime=0), "bomb_by_ratio"),
        ("a.parquet", b"PAR1", "parquet_damaged"),
        ("a.parquet.gz", gzip.compress(b"PAR1PAR1", mtime=0), "parquet_damaged"),
        ("a.txt", b"hello", "foreign_type"),
    ],
    ids=id_of,
)
def test_a_refused_file_leaves_nothing_but_its_name(
    home: Home, tmp_path: Path, name: str, data: bytes, reason: str
) -> None:
    (tmp_path / name).write_bytes(data)
    report = take(home, tmp_path / name)
    (file,) = report.files
    assert (file.status, file.reason, file.rows) == ("REJECTED", reason, 0)
    assert file.message is not None
    assert report.nothing_taken_in
    assert Lake(home).segments() == []
    assert not list(home.staging.iterdir())
    before = digests(home)
    take(home, tmp_path / name)
    assert digests(home) == before
    (batch,) = ledger.find_batches(open_database(home, "ledger"))
    assert (batch.status, batch.message) == ("REJECTED", file.message)


def test_a_missing_file_is_told_and_the_others_are_taken(home: Home, tmp_path: Path) -> None:
    report = take(home, tmp_path / "nowhere.csv", write_csv(tmp_path / "a.csv", call_lines(5)))
    assert [file.status for file in report.files] == ["REJECTED", "COMPLETED"]
    assert not report.nothing_taken_in


def test_too_many_rows_refuse_the_file_and_a_raised_limit_takes_it(home: Home, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", call_lines(100))
    (file,) = take(home, path, settings=settings_with(max_rows=99)).files
    assert (file.status, file.reason) == ("REJECTED", "bomb_by_rows")
    assert Lake(home).segments() == []
    assert take(home, path, settings=settings_with(max_rows=100)).accepted == 100
    assert [batch.status for batch in ledger.find_batches(open_database(home, "ledger"))] == ["COMPLETED"]


def test_calls_of_too_many_days_refuse_the_file(home: Home, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", call_lines(500))
    (file,) = take(home, path, settings=settings_with(max_days=2)).files
    assert (file.status, file.reason) == ("REJECTED", "bomb_by_days")
    assert take(home, path, settings=settings_with(max_days=3)).accepted == 500


def test_what_lay_in_the_future_is_read_again(home: Home, tmp_path: Path) -> None:
    ahead = call_lines(3)[0].replace("2026-05", "2126-05")
    path = write_csv(tmp_path / "a.csv", [*call_lines(3, start=1), ahead])
    first = take(home, path, settings=settings_with(future_minutes=0))
    assert first.files[0].reasons == {"started_in_future": 1}
    century = 100 * 366 * 24 * 60
    again = take(home, path, settings=settings_with(future_minutes=century))
    assert (again.accepted, again.duplicates, again.dead_lettered) == (1, 3, 0)
    (batch,) = ledger.find_batches(open_database(home, "ledger"))
    assert (batch.rows, batch.accepted, batch.duplicates, batch.dead_lettered) == (4, 4, 0, 0)
    assert list(read_letters(open_database(home, "ledger"), batch.id)) == []


def test_a_file_that_held_no_call_in_one_format_is_read_again_in_another(home: Home, tmp_path: Path) -> None:
    home.operators.mkdir(parents=True)
    (home.operators / "tabs.yaml").write_text(
        "country: IN\nzone: UTC\nnumbers: e164\ncsv: {header: [a, b, s, t]}\n"
        "fields: {caller: {from: a}, callee: {from: b}, talk_ms: {from: s}, started: {from: t}}\n"
    )
    wrong, right = tmp_path / "calls.csv", tmp_path / "calls.tsv"
    for path in (wrong, right):
        path.write_text("".join(f"{line}\n" for line in call_lines(20)).replace(",", "\t"))
    reports = [take(home, path, operator="tabs").files[0] for path in (wrong, right, wrong)]
    counts = [(file.accepted, file.dead_lettered, file.duplicates) for file in reports]
    assert counts == [(0, 20, 0), (20, 0, 0), (0, 0, 20)]


def test_a_refused_second_reading_leaves_the_first_as_it_was(home: Home, tmp_path: Path) -> None:
    ahead = call_lines(3)[0].replace("2026-05", "2126-05")
    path = write_csv(tmp_path / "a.csv", [*call_lines(3, start=1), ahead, "x"])
    take(home, path)
    engine = open_database(home, "ledger")
    before = digests(home), ledger.find_batches(engine)
    (file,) = take(home, path, settings=settings_with(max_rows=1)).files
    assert (file.status, file.reason) == ("REJECTED", "bomb_by_rows")
    assert (digests(home), ledger.find_batches(engine)) == before
    assert len(list(read_letters(engine, before[1][0].id))) == 2


def test_warnings_count_unknown_columns_and_lost_labels(home: Home, tmp_path: Path) -> None:
    lines = [f"{line},Delhi,Goa,{label},blue" for line, label in zip(call_lines(4), ["0", "1", "2", ""], strict=True)]
    (file,) = take(home, write_csv(tmp_path / "a.csv", lines, header=f"{FULL_HEADER},colour")).files
    assert file.warnings == {"unknown_columns": 1, "labels_not_0_or_1": 1}
    assert sorted(calls_of(home)["label"].to_pylist(), key=str) == [0, 1, None, None]


def test_a_repeated_row_with_other_columns_gives_the_same_call_in_any_order(tmp_path: Path) -> None:
    line = call_lines(1)[0]
    lines = [f"{line},c2,", f"{line},c1,0", f"{line},c1,"]
    found: list[list[dict[str, object]]] = []
    for order in (lines, lines[::-1]):
        home = Home(tmp_path / f"home {len(found)}")
        report = take(home, write_csv(tmp_path / "a.csv", order, header=f"{HEADER},cell,true_label"))
        assert (report.accepted, report.duplicates) == (1, 2)
        found.append(calls_of(home).to_pylist())
    assert found[0] == found[1]
    assert (found[0][0]["cell"], found[0][0]["label"]) == ("c1", 0)


@pytest.mark.parametrize("limits", [{}, {"segment_rows": 1, "block_bytes": 4096, "max_row_bytes": 1024}])
def test_a_record_number_is_one_call_within_a_file(home: Home, tmp_path: Path, limits: dict[str, int]) -> None:
    same_hour, next_hour, next_day = call_lines(2)[1], call_lines(11)[10], call_lines(241)[240]
    lines = [f"{line},7" for line in (next_day, next_hour, same_hour, call_lines(1)[0])]
    padding = [f"{line},{i}" for i, line in enumerate(call_lines(300, start=100), start=100)]
    path = write_csv(tmp_path / "a.csv", [*lines[:2], *padding, *lines[2:]], header=f"{HEADER},record_id")
    report = take(home, path, settings=settings_with(**limits))
    assert (report.accepted, report.duplicates) == (301, 3)


def test_a_record_number_of_another_hour_in_another_file_is_another_call(home: Home, tmp_path: Path) -> None:
    for place, line in enumerate((call_lines(1)[0], call_lines(11)[10])):
        report = take(home, write_csv(tmp_path / f"{place}.csv", [f"{line},7"], header=f"{HEADER},record_id"))
        assert (report.accepted, report.duplicates) == (1, 0)


def test_many_segments_of_one_day_know_each_other(home: Home, tmp_path: Path) -> None:
    lines = call_lines(200)
    limits = settings_with(segment_rows=30, block_bytes=4096, max_row_bytes=1024)
    report = take(home, write_csv(tmp_path / "a.csv", [*lines, *lines[::-1]]), settings=limits)
    assert (report.accepted, report.duplicates) == (200, 200)
    assert len(Lake(home).segments()) == 3


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from(SOUP) | st.text(max_size=30)))
def test_accepted_and_dead_and_duplicates_are_all_rows(lines: list[str]) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.csv"
        path.write_bytes(text_of(lines).encode("utf-8", "surrogatepass"))
        home = Home(Path(folder) / "home")
        report = take(home, path)
        assert_accounted(report)
        assert report.accepted == sum(segment.rows for segment in Lake(home).segments())
        again = take(home, path)
        assert_accounted(again)
        assert again.accepted == 0


@pytest.mark.research
@needs_data
def test_vast_2008_is_accounted_for(home: Home) -> None:
    path = Path(RESEARCH or "") / "vast2008" / "cdr.csv"
    report = take(home, path, operator="vast2008")
    assert_accounted(report)
    (file,) = report.files
    assert (file.rows, file.accepted, file.dead_lettered, file.duplicates) == (9834, 9830, 4, 0)
    assert file.reasons == {"duration_out_of_range": 4}
    calls = calls_of(home)
    assert set(calls["caller_kind"].to_pylist()) == {"opaque"}
    assert None not in calls["cell"].to_pylist()
