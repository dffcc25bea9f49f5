"""The lake shows what the ledger names; its digest is blind to order, split and repetition."""

from __future__ import annotations

import random
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.cdr import CALL_SCHEMA
from ingest.fingerprint import Fingerprint, total
from ingest.home import Home
from ingest.lake.lake import DAY_US, Lake, day_of, day_start
from tests.ingest.samples import call_lines, calls_of, settings_with, take, write_csv

MAY = day_start("2026-05-01")


def with_all(calls: pa.Table, column: str, value: object) -> pa.Table:
    """The calls with one value in the whole of a column."""
    field = CALL_SCHEMA.field(column)
    return calls.set_column(
        calls.schema.get_field_index(column), field, pa.repeat(pa.scalar(value, field.type), len(calls))
    )


@pytest.fixture
def filled(home: Home, tmp_path: Path) -> Home:
    take(home, write_csv(tmp_path / "a.csv", call_lines(500)))
    return home


def test_days() -> None:
    assert day_of(MAY) == "2026-05-01"
    assert day_of(MAY - 1) == "2026-04-30"
    assert day_start("1970-01-02") == DAY_US


def test_segments_are_sorted_days_with_the_canonical_columns(filled: Home) -> None:
    segments = Lake(filled).segments()
    assert [s.day for s in segments] == ["2026-05-01", "2026-05-02", "2026-05-03"]
    assert [s.rows for s in segments] == [240, 240, 20]
    for segment in segments:
        calls = pq.ParquetFile(segment.path).read()
        assert calls.schema == CALL_SCHEMA
        rows = [(c["caller"], c["started"], c["callee"], c["call_key"]) for c in calls.to_pylist()]
        assert rows == sorted(rows)
        assert {day_of(row[1]) for row in rows} == {segment.day}
        started = [row[1] for row in rows]
        assert (segment.first_started, segment.last_started) == (min(started), max(started))


def test_spans_are_half_open(filled: Home) -> None:
    lake = Lake(filled)
    first, second, third = lake.segments()
    assert lake.segments(None, first.last_started, first.last_started + 1) == [first]
    assert lake.segments(None, first.last_started + 1, second.first_started) == []
    assert lake.segments(None, first.last_started + 1, second.first_started + 1) == [second]
    assert lake.segments(None, third.first_started) == [third]
    assert lake.paths(["generic"], None, second.first_started) == [first.path]
    assert lake.segments(["other"]) == []


def test_operators_and_the_newest_call(filled: Home) -> None:
    lake = Lake(filled)
    assert lake.operators() == ["generic"]
    assert lake.newest_call() == lake.newest_call(["generic"]) == lake.segments()[-1].last_started
    assert lake.newest_call(["other"]) is None


def test_an_empty_lake(home: Home) -> None:
    lake = Lake(home)
    assert (lake.segments(), lake.operators(), lake.newest_call()) == ([], [], None)
    assert lake.digest() == lake.data_digest(None, None, None)


def test_the_ledger_tells_the_digest_of_the_files(filled: Home) -> None:
    lake = Lake(filled)
    assert lake.digest() == lake.data_digest(None, None, None)
    assert lake.data_digest(None, MAY, MAY + 1) == lake.data_digest(None, MAY, MAY + DAY_US)
    assert lake.data_digest(None, MAY, MAY + 1) != lake.data_digest(None, MAY, MAY + DAY_US + 1)
    assert lake.data_digest(["other"], None, None) == lake.data_digest([], None, None)


@pytest.mark.parametrize("column", [name for name in CALL_SCHEMA.names if name not in ("label", "call_key")])
def test_every_column_but_the_label_counts_in_the_digest(filled: Home, column: str) -> None:
    calls = calls_of(filled)
    other = {"started": 5, "talk_ms": 5, "ring_ms": 5, "answered": True}.get(column, "other")
    assert Fingerprint.of(with_all(calls, column, other)) != Fingerprint.of(calls)
    assert Fingerprint.of(with_all(calls, "label", 1)) == Fingerprint.of(calls)


def test_fingerprints_add_up_and_are_read_back(filled: Home) -> None:
    calls = calls_of(filled)
    parts = [Fingerprint.of(calls.slice(start, 130)) for start in range(0, len(calls), 130)]
    assert total(parts) == Fingerprint.of(calls)
    assert Fingerprint.parse(str(parts[0])) == parts[0]
    assert total([]) == Fingerprint.of(CALL_SCHEMA.empty_table())


@settings(max_examples=15, deadline=None)
@given(st.randoms(use_true_random=False), st.integers(1, 4), st.integers(0, 60))
def test_order_split_and_repetition_change_nothing(chance: random.Random, files: int, repeated: int) -> None:
    lines = call_lines(300)
    digests = []
    for shuffled in (False, True):
        with TemporaryDirectory() as folder:
            home = Home(Path(folder) / "home")
            delivered = list(lines)
            if shuffled:
                delivered += chance.sample(lines, repeated)
                chance.shuffle(delivered)
            parts = [delivered[i::files] for i in range(files)] if shuffled else [delivered]
            paths = [write_csv(Path(folder) / f"{i}.csv", part) for i, part in enumerate(parts)]
            report = take(home, *paths, settings=settings_with(segment_rows=50, block_bytes=4096, max_row_bytes=1024))
            assert report.accepted == len(lines)
            assert report.duplicates == len(delivered) - len(lines)
            digests.append((Lake(home).digest(), Lake(home).data_digest(None, None, None)))
    assert digests[0] == digests[1]
