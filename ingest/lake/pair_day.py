"""Closed days as pairs: a row a day and ordered pair of numbers, derived from the lake, made anew when it changes.

Each day is two files: the pairs as Parquet, and an index (`ingest.lake.pair_index`), by which they are found from
either end: of the day's single calls, so that a part of the day can be counted; once these are dropped, of their sums.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from ingest.erased.erased import SIDES, without_numbers
from ingest.files import durable_write
from ingest.fingerprint import total
from ingest.lake.lake import DamagedLakeError, Lake, Segment, day_of, day_start
from ingest.lake.pair_index import index_path, write_index
from ingest.ledger import ledger
from ingest.ledger.ledger import PairDayRow
from ingest.progress import Progress
from ingest.query import select
from ingest.values.arrow import Bools, Int64
from ingest.values.zones import load_zone

PAIR_DAY = pa.schema(  # sorted by (caller, callee)
    [
        pa.field("operator", pa.string(), False),
        pa.field("day", pa.string(), False),  # UTC, ISO date
        pa.field("caller", pa.string(), False),  # never a withheld one
        pa.field("callee", pa.string(), False),
        pa.field("attempts", pa.int64(), False),  # voice calls, answered or not
        pa.field("answered", pa.int64(), False),  # by the record's disposition, else by talk_ms > 0
        pa.field("talk_ms", pa.int64(), False),
        pa.field("night", pa.int64(), False),  # attempts in the night of the caller's zone
        pa.field("first_started", pa.int64(), False),  # µs
        pa.field("last_started", pa.int64(), False),  # µs
    ]
)
_OF_CALLS = ["operator", "kind", "caller_kind", "started", "zone", "answered", "talk_ms"]
READ = [*SIDES, *_OF_CALLS]  # what of calls is read to make pairs of them
_HOUR_US = 3_600_000_000
_SQL = """
SELECT caller, callee,
       count(*) AS attempts,
       count(*) FILTER (coalesce(answered, talk_ms > 0)) AS answered,
       CAST(sum(talk_ms) AS BIGINT) AS talk_ms,
       count(*) FILTER (night) AS night,
       min(started) AS first_started,
       max(started) AS last_started
FROM calls WHERE kind = 'voice' AND caller_kind <> 'withheld' GROUP BY caller, callee ORDER BY caller, callee
"""
_CALLS_SQL = """
SELECT caller, callee,
       CAST(coalesce(answered, talk_ms > 0) AS TINYINT) AS answered,
       CAST(talk_ms AS INTEGER) AS talk_ms,  -- at most a day
       CAST(night AS TINYINT) AS night,
       started AS first_started
FROM calls WHERE kind = 'voice' AND caller_kind <> 'withheld' ORDER BY caller, callee, started, talk_ms, answered, night
"""
Day = tuple[str, str]  # operator, ISO date


def refresh(lake: Lake, start: int | None, end: int | None, night_h: tuple[int, int], progress: Progress) -> list[Path]:
    """Derive the closed days that the span [start, end) in µs touches, and give the files of all of them, sorted.

    None is unbounded. A day is closed when its operator has a call of a later day. `night_h` are local hours
    [from, to). Days whose calls have not changed are not made again, and each day counts as soon as it is made, so
    that a killed refresh goes on where it was. Days of which calls are damaged or missing are left out; `progress` is
    told. Indexes that are missing are made, also of days whose calls are dropped, where their pairs can be read; of
    others `progress` is told. The caller holds the home's write lock.
    """
    known = ledger.find_pair_days(lake.engine)
    with_calls = {(segment.operator, segment.day) for segment in lake.segments()}
    wanted = {day: (segments, day_key(segments, night_h)) for day, segments in _closed(lake, start, end).items()}
    stale = {day: found for day, found in wanted.items() if not _is_made(lake, known.get(day), found[1])}
    progress.stage("pair days", len(stale), "days")
    for day, (segments, key) in sorted(stale.items()):
        try:
            lake.check(segments)
        except DamagedLakeError as damage:
            progress.note(str(damage))
            del wanted[day]
            continue
        known[day] = _derive(lake, day, segments, key, night_h)
        ledger.enter_pair_day(lake.engine, known[day])
        progress.advance(1)
    _index_old(lake, [row for day, row in sorted(known.items()) if day not in with_calls], progress)
    return [lake.root / known[day].path for day in sorted(wanted)]


def _closed(lake: Lake, start: int | None, end: int | None) -> dict[Day, list[Segment]]:
    newest = {operator: day_of(lake.newest_call([operator]) or 0) for operator in lake.operators()}
    damaged = lake.damaged_days()
    days: dict[Day, list[Segment]] = defaultdict(list)
    first = None if start is None else day_start(day_of(start))
    after = None if end is None else day_start(day_of(end - 1)) + 24 * _HOUR_US
    for segment in lake.segments(None, first, after):
        day = (segment.operator, segment.day)
        if segment.day < newest[segment.operator] and day not in damaged:
            days[day].append(segment)
    return days


def day_key(segments: Sequence[Segment], night_h: tuple[int, int]) -> str:
    """Give what the pairs of a day are named by: all its calls, and the local hours of the night."""
    content = f"{total([segment.fingerprint for segment in segments])} {night_h}"
    return hashlib.sha256(content.encode()).hexdigest()[:32]


def counted(calls: pa.Table, night_h: tuple[int, int]) -> pa.Table:
    """Give the attempts among calls with the columns READ as rows of a pair index, sorted by (caller, callee)."""
    return select(_CALLS_SQL, calls=_with_night(calls, night_h))


def _is_made(lake: Lake, row: PairDayRow | None, key: str) -> bool:
    if row is None or row.key != key:
        return False
    return all((lake.root / path).is_file() for path in (row.path, index_path(row.path, of_calls=True)))


def _derive(lake: Lake, day: Day, segments: list[Segment], key: str, night_h: tuple[int, int]) -> PairDayRow:
    calls = pa.concat_tables([pq.ParquetFile(segment.path).read(columns=READ) for segment in segments])
    calls = _with_night(without_numbers(calls, list(lake.erased_pending().values())), night_h)
    pairs = select(_SQL, calls=calls)
    columns = {"operator": pa.repeat(day[0], len(pairs)), "day": pa.repeat(day[1], len(pairs))}
    table = pa.table([columns[n] if n in columns else pairs[n] for n in PAIR_DAY.names], schema=PAIR_DAY)
    path = f"pair_day/operator={day[0]}/day={day[1]}/{key}.parquet"
    durable_write(
        lake.root / path, lambda file: pq.write_table(table, file, compression="zstd"), lake.home.staging, "pair_day"
    )
    _write_index(lake, index_path(path, of_calls=True), select(_CALLS_SQL, calls=calls))
    return PairDayRow(day[0], day[1], key, path, len(table))


def _index_old(lake: Lake, rows: Iterable[PairDayRow], progress: Progress) -> None:
    """Make the indexes of days whose calls are dropped for their age, of their sums; without one a day is uncounted."""
    for row in rows:
        path = index_path(row.path, of_calls=False)
        if (lake.root / path).is_file():
            continue
        try:
            pairs = pq.ParquetFile(lake.root / row.path).read()
        except (OSError, pa.ArrowInvalid) as damage:
            progress.note(
                f"{row.path} cannot be read ({type(damage).__name__}), and its calls are dropped for their age: put it "
                "back from a copy of the home, or keep calls longer (retention.calls) and take the day's files in "
                "again; until then graphs of past spans leave that day out"
            )
            continue
        _write_index(lake, path, pairs)


def _write_index(lake: Lake, path: str, rows: pa.Table) -> None:
    durable_write(lake.root / path, lambda file: write_index(rows, file), lake.home.staging, "pair_index")


def _with_night(calls: pa.Table, night_h: tuple[int, int]) -> pa.Table:
    return calls.append_column("night", pa.array(_at_night(calls, night_h)))


def _at_night(calls: pa.Table, night_h: tuple[int, int]) -> Bools:
    started: Int64 = calls["started"].to_numpy()
    local = started.copy()
    for zone in pc.unique(calls["zone"]).to_pylist():
        rows = pc.equal(calls["zone"], zone).to_numpy()
        local[rows] += load_zone(zone).offset_at(started[rows])
    hour = local // _HOUR_US % 24
    begin, end = night_h
    night: Bools = (hour >= begin) | (hour < end) if begin > end else (hour >= begin) & (hour < end)
    return night
