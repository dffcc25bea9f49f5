"""Closed days become pairs; a day that changes is made anew, one that does not is left alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from ingest.home import Home
from ingest.lake.lake import DAY_US, Lake, day_start
from ingest.lake.pair_day import PAIR_DAY, refresh
from ingest.ledger import ledger
from ingest.progress import Silent
from tests.graph.calls import call, withheld_calls
from tests.graph.lakes import lake_of
from tests.ingest.samples import HEADER, take, write_csv

NIGHT = (22, 6)
MAY = day_start("2026-05-01")
A, B, C = "+919876500001", "+919876500002", "+919876500003"
LINES = [
    f"{A},{B},10,2026-05-01T10:00:00Z,UTC,,voice",
    f"{A},{B},0,2026-05-01T23:00:00Z,UTC,,voice",
    f"{A},{B},0,2026-05-01T12:00:00Z,UTC,true,voice",
    f"{A},{B},5,2026-05-01T12:00:01Z,UTC,false,voice",
    f"{A},{C},7,2026-05-01T17:00:00Z,Asia/Kolkata,,voice",
    f"{A},{C},7,2026-05-01T06:00:00Z,Asia/Kolkata,,sms",
    f"{B},{A},3,2026-05-02T06:00:00Z,UTC,,voice",
]


@pytest.fixture
def filled(home: Home, tmp_path: Path) -> Home:
    take(home, write_csv(tmp_path / "a.csv", LINES, header=f"{HEADER},zone,answered,kind"))
    return home


def pairs(paths: list[Path]) -> list[dict[str, Any]]:
    return [row for path in paths for row in pq.ParquetFile(path).read().to_pylist()]


def test_withheld_callers_are_no_pair(home: Home) -> None:
    lake = lake_of(home, [*withheld_calls(500), call(A, B, "10:00:00", 5), call(A, B, "2026-05-05T10:00:00Z", 5)])
    found = pairs(refresh(lake, None, None, NIGHT, Silent()))
    assert [(row["caller"], row["callee"], row["attempts"]) for row in found] == [(A, B, 1)]


def test_a_closed_day_is_counted_by_pair(filled: Home) -> None:
    paths = refresh(Lake(filled), MAY, MAY + 5 * DAY_US, NIGHT, Silent())
    shared = {"operator": "generic", "day": "2026-05-01", "caller": A}
    hour = 3_600_000_000
    assert pairs(paths) == [
        {
            **shared,
            "callee": B,
            "attempts": 4,
            "answered": 2,
            "talk_ms": 15_000,
            "night": 1,
            "first_started": MAY + 10 * hour,
            "last_started": MAY + 23 * hour,
        },
        {
            **shared,
            "callee": C,
            "attempts": 1,
            "answered": 1,
            "talk_ms": 7_000,
            "night": 1,
            "first_started": MAY + 17 * hour,
            "last_started": MAY + 17 * hour,
        },
    ]
    assert pq.ParquetFile(paths[0]).schema_arrow == PAIR_DAY


def test_the_newest_day_is_open(filled: Home) -> None:
    assert refresh(Lake(filled), MAY + DAY_US, MAY + 5 * DAY_US, NIGHT, Silent()) == []


def test_the_span_chooses_the_days(filled: Home) -> None:
    assert len(refresh(Lake(filled), MAY + DAY_US - 1, MAY + DAY_US, NIGHT, Silent())) == 1
    assert refresh(Lake(filled), MAY - DAY_US, MAY, NIGHT, Silent()) == []


def test_nothing_is_made_twice(filled: Home) -> None:
    (path,) = refresh(Lake(filled), MAY, MAY + DAY_US, NIGHT, Silent())
    made = path.stat().st_mtime_ns
    assert refresh(Lake(filled), MAY, MAY + DAY_US, NIGHT, Silent()) == [path]
    assert path.stat().st_mtime_ns == made


def test_each_day_counts_as_soon_as_it_is_made(filled: Home, tmp_path: Path) -> None:
    class Stopping(Silent):
        def advance(self, n: int) -> None:
            raise KeyboardInterrupt

    take(filled, write_csv(tmp_path / "later.csv", [f"{A},{B},1,2026-05-0{day}T08:00:00Z" for day in (3, 4)]))
    made = len(ledger.find_pair_days(Lake(filled).engine))
    with pytest.raises(KeyboardInterrupt):
        refresh(Lake(filled), None, None, (1, 2), Stopping())
    rows = ledger.find_pair_days(Lake(filled).engine)
    assert (len(rows), made) == (3, 3)
    told: list[tuple[int | None, int]] = []

    class Telling(Silent):
        def stage(self, name: str, total: int | None, unit: str) -> None:
            told.append((total, 0))

        def advance(self, n: int) -> None:
            told.append((None, n))

    refresh(Lake(filled), None, None, (1, 2), Telling())
    assert told == [(2, 0), (None, 1), (None, 1)]


def test_late_calls_and_another_night_make_the_day_anew(filled: Home, tmp_path: Path) -> None:
    (first,) = refresh(Lake(filled), MAY, MAY + DAY_US, NIGHT, Silent())
    late = f"{C},{A},3,2026-05-01T08:00:00Z"
    take(filled, write_csv(tmp_path / "late.csv", [late]))
    (second,) = refresh(Lake(filled), MAY, MAY + DAY_US, NIGHT, Silent())
    assert second != first
    assert len(pairs([second])) == 3
    (third,) = refresh(Lake(filled), MAY, MAY + DAY_US, (8, 11), Silent())
    assert [row["night"] for row in pairs([third])] == [1, 0, 1]
    assert len(ledger.find_pair_days(Lake(filled).engine)) == 1


def test_replaced_files_are_swept_by_the_next_ingest(filled: Home, tmp_path: Path) -> None:
    (other_night,) = refresh(Lake(filled), MAY, MAY + DAY_US, (8, 11), Silent())
    nothing = write_csv(tmp_path / "nothing.csv", [])
    take(filled, nothing)
    (path,) = refresh(Lake(filled), MAY, MAY + DAY_US, NIGHT, Silent())
    take(filled, nothing)
    assert path.exists()
    assert not other_night.exists()


def test_ingest_derives_the_days_that_it_closes(filled: Home) -> None:
    (row,) = ledger.find_pair_days(Lake(filled).engine).values()
    assert (row.operator, row.day, row.rows) == ("generic", "2026-05-01", 2)
    assert (filled.lake / row.path).is_file()
