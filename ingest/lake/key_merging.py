"""Key runs are made into fewer, and made anew from the calls where their files are damaged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from sqlalchemy import Engine

from ingest.faults import point
from ingest.files import durable_write
from ingest.home import Home
from ingest.lake.checksums import checksum_of
from ingest.lake.key_runs import (
    HourSlice,
    KeyRunRow,
    Keys,
    enter_runs,
    find_runs,
    keys_of_slice,
    named_run,
    put_keys,
    remove_runs,
    sorted_keys,
    write_run,
)
from ingest.lake.tiers import due
from ingest.ledger.ledger import SegmentRow
from ingest.values.arrow import UInt64

MANY = 8  # runs of a day from which some are made into one
_AT_ONCE = 2_000_000  # keys in memory
_CALLS_AT_ONCE = 500_000  # of which the keys are made anew
_SPAN = 1 << 64


def with_run(pending: Sequence[KeyRunRow], keys: Keys, operator: str, day: str, home: Home) -> list[KeyRunRow]:
    """Write new keys as a run and give it with the `pending` ones, which no ledger names yet, made fewer where many."""
    runs = [*pending, write_run(keys, operator, day, home)]
    of_day = [run for run in runs if (run.operator, run.day) == (operator, day)]
    merged = fewer(of_day, home)
    remove_files(home.lake, of_day, merged)
    return [run for run in runs if run not in of_day] + merged


def merge_runs(home: Home, engine: Engine, days: Iterable[tuple[str, str]]) -> None:
    """Make runs of operators' days into fewer where there are many, and remove the files that they replace."""
    for operator, day in sorted(set(days)):
        runs = find_runs(engine, operator, day)
        merged = fewer(runs, home)
        if merged != runs:
            replace_runs(home, engine, runs, merged)


def fewer(runs: Sequence[KeyRunRow], home: Home) -> list[KeyRunRow]:
    """Give fewer than MANY runs of one operator and day with the same keys; files of runs that went stay."""
    left = list(runs)
    while places := due([run.rows for run in left], MANY):
        merged = _merged([left[place] for place in places], home)
        left = [run for place, run in enumerate(left) if place not in places] + [merged]
    return left


def replace_runs(home: Home, engine: Engine, old: Sequence[KeyRunRow], new: Sequence[KeyRunRow]) -> None:
    """Enter runs in place of others, then remove the files that nothing names any more."""
    with engine.begin() as connection:
        remove_runs(connection, [run.id for run in old])
        enter_runs(new)(connection)
        point("merge:commit:before")
    point("merge:commit:after")
    remove_files(home.lake, old, new)


def remove_files(root: Path, old: Iterable[KeyRunRow], kept: Iterable[KeyRunRow]) -> None:
    """Remove the files of runs, but those of `kept`."""
    for path in {run.path for run in old} - {run.path for run in kept}:
        (root / path).unlink(missing_ok=True)


def runs_of(home: Home, segments: Sequence[SegmentRow]) -> list[KeyRunRow]:
    """Make the runs of segments of one operator and day, whose files are whole; not entered yet.

    No file is removed: runs that the ledger names may have the same content and so the same name.
    """
    made: list[KeyRunRow] = []
    for segment in segments:
        for keys in _keys_of(home.lake / segment.path):
            made = fewer([*made, write_run(keys, segment.operator, segment.day, home)], home)
    return made


def _keys_of(path: Path) -> Iterator[Keys]:
    for batch in pq.ParquetFile(path).iter_batches(batch_size=_CALLS_AT_ONCE):
        yield sorted_keys(pa.Table.from_batches([batch]))[0]


def _merged(runs: Sequence[KeyRunRow], home: Home) -> KeyRunRow:
    hours = _hours_of(runs)
    names = " ".join(sorted(run.id for run in runs))
    row = named_run(names, runs[0].operator, runs[0].day, hours, "")

    def write(file: Path) -> None:
        with file.open("wb") as target:
            for place, keys in _blocks(home.lake, runs, hours):
                put_keys(target, row.rows, place, keys)

    durable_write(home.lake / row.path, write, home.staging, "merge")
    return replace(row, checksum=checksum_of(home.lake / row.path))


def _hours_of(runs: Sequence[KeyRunRow]) -> list[HourSlice]:
    counts: dict[int, int] = {}
    for run in runs:
        for piece in run.hours:
            counts[piece.hour] = counts.get(piece.hour, 0) + piece.count
    offsets = np.cumsum([0, *(counts[hour] for hour in sorted(counts))]).tolist()
    return [HourSlice(hour, offset, counts[hour]) for hour, offset in zip(sorted(counts), offsets, strict=False)]


def _blocks(root: Path, runs: Sequence[KeyRunRow], hours: Sequence[HourSlice]) -> Iterator[tuple[int, Keys]]:
    """Give (place in the merged run, keys) in order, about _AT_ONCE keys at a time."""
    for merged in hours:
        pieces = [keys_of_slice(root, run, piece) for run in runs for piece in run.hours if piece.hour == merged.hour]
        place, parts = merged.offset, 1 + merged.count // _AT_ONCE
        for part in range(parts):
            keys = _between(pieces, part * _SPAN // parts, (part + 1) * _SPAN // parts - 1)
            yield place, keys
            place += len(keys.high)


def _between(pieces: Sequence[Keys], first: int, last: int) -> Keys:
    """Give the keys of one hour whose first half lies in [first, last], sorted; those of an hour are spread evenly."""
    cut = [keys.where(_part(keys.high, first, last)) for keys in pieces]
    found = Keys(*map(np.concatenate, zip(*cut, strict=True)))
    order = np.argsort(found.high, kind="stable")  # a merge sort: the pieces are sorted already
    if (np.diff(found.high[order]) == 0).any():
        order = np.lexsort((found.low, found.high))
    return found.where(order)


def _part(high: UInt64, first: int, last: int) -> slice:
    return slice(np.searchsorted(high, np.uint64(first)), np.searchsorted(high, np.uint64(last), "right"))
