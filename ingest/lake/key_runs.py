"""Key runs: the call keys of an operator's day in sorted files, and the rows of the ledger that name them.

A file holds its keys sorted by (hour, key): first the first eight bytes of every key, then the last eight of every
key, then a hash of each whole call, each as a little-endian number; the order of the first two is that of the
bytes. So one half of an hour's keys can be searched where it lies. All runs of a day together hold each of its calls
once.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO, NamedTuple

import numpy as np
import pyarrow as pa
from sqlalchemy import Connection, Engine, RowMapping, delete, insert, select

from ingest.cdr import CALL_KEY_BYTES
from ingest.files import durable_write
from ingest.fingerprint import row_hashes
from ingest.home import Home
from ingest.lake.checksums import fault_of
from ingest.ledger.ledger import Entry
from ingest.ledger.tables import key_run_hours, key_runs
from ingest.values.arrow import Bools, Int64, UInt64, key_halves

HOUR_US = 3_600_000_000
WORD_BYTES = CALL_KEY_BYTES // 2
ENTRY_BYTES = CALL_KEY_BYTES + WORD_BYTES  # of a call in a run
_LITTLE = np.dtype("<u8")


class Keys(NamedTuple):
    """Keys sorted by (hour, key): hour since 1970-01-01T00:00Z, first and last eight bytes, hash of the whole call."""

    hours: Int64
    high: UInt64
    low: UInt64
    rest: UInt64  # `fingerprint.row_hashes`

    def where(self, kept: Bools | Int64 | slice) -> Keys:
        """Give those that are `kept`, in the order that it says."""
        return Keys(self.hours[kept], self.high[kept], self.low[kept], self.rest[kept])


@dataclass(frozen=True)
class HourSlice:
    """The keys of one event-hour in a run: `count` keys after `offset` others."""

    hour: int
    offset: int
    count: int


@dataclass(frozen=True)
class KeyRunRow:
    """One run, as `tables.key_runs` describes it, with (some of) its event-hours."""

    id: str
    operator: str
    day: str
    path: str
    rows: int
    checksum: str
    hours: tuple[HourSlice, ...]


def hours_of(calls: pa.Table) -> Int64:
    """Give the hour since 1970-01-01T00:00Z in which each call started."""
    started: Int64 = calls["started"].to_numpy()
    return started // HOUR_US


def sorted_keys(calls: pa.Table) -> tuple[Keys, Int64]:
    """Give the keys of calls of one day, and the place in `calls` of each."""
    high, low = key_halves(calls["call_key"])
    hours = hours_of(calls)
    by_key = np.argsort(high)
    hour_of_day: Int64 = (hours - hours.min()).astype(np.uint8)[by_key] if len(calls) else hours
    order = by_key[np.argsort(hour_of_day, kind="stable")]
    if (np.diff(high[order]) == 0).any():  # half of a SHA-256 has ties only where a key is used in two hours
        order = np.lexsort((low, high, hours))
    return Keys(hours[order], high[order], low[order], row_hashes(calls)[order]), order


def write_run(keys: Keys, operator: str, day: str, home: Home) -> KeyRunRow:
    """Write keys of an operator's day as a run and give its ledger row, not yet entered."""
    content = b"".join(column.astype(_LITTLE).tobytes() for column in keys[1:])
    checksum = hashlib.sha256(content).hexdigest()
    hours = slices_of(keys.hours)
    row = named_run(f"{checksum} {hours}", operator, day, hours, checksum)

    def write(file: Path) -> None:
        file.write_bytes(content)

    durable_write(home.lake / row.path, write, home.staging, "keys")
    return row


def named_run(content: str, operator: str, day: str, hours: Sequence[HourSlice], checksum: str) -> KeyRunRow:
    """Give the row of a run with the name that is made from its `content`."""
    name = hashlib.sha256(f"{operator} {day} {content}".encode()).hexdigest()[:32]
    path = f"keys/operator={operator}/day={day}/{name}.keys"
    return KeyRunRow(name, operator, day, path, sum(piece.count for piece in hours), checksum, tuple(hours))


def slices_of(hours: Int64) -> list[HourSlice]:
    """Give the slices of sorted hours."""
    found, offsets, counts = np.unique(hours, return_index=True, return_counts=True)
    return [HourSlice(*piece) for piece in zip(found.tolist(), offsets.tolist(), counts.tolist(), strict=True)]


def keys_of_slice(root: Path, run: KeyRunRow, piece: HourSlice) -> Keys:
    """Give the keys of a slice, mapped from the run's file; `piece` is not empty."""
    columns = (_mapped(root, run, place * run.rows + piece.offset, piece.count) for place in range(3))
    return Keys(np.broadcast_to(np.int64(piece.hour), piece.count), *columns)


def put_keys(target: BinaryIO, rows: int, place: int, keys: Keys) -> None:
    """Write keys into the file of a run of `rows` keys, after the `place` first."""
    for number, column in enumerate(keys[1:]):
        target.seek((number * rows + place) * WORD_BYTES)
        target.write(column.astype(_LITTLE).tobytes())


def fault_of_run(root: Path, run: KeyRunRow) -> str | None:
    """Say what is wrong with a run's file, or give None."""
    return fault_of(root / run.path, run.rows * ENTRY_BYTES, run.checksum)


def enter_runs(runs: Iterable[KeyRunRow]) -> Entry:
    """Give the entry of new runs."""

    def enter(connection: Connection) -> None:
        for run in runs:
            values = {name: getattr(run, name) for name in ("id", "operator", "day", "path", "rows", "checksum")}
            connection.execute(insert(key_runs).values(values))
            hours = [{"run": run.id, "operator": run.operator, **asdict(piece)} for piece in run.hours]
            connection.execute(insert(key_run_hours), hours)

    return enter


def remove_runs(connection: Connection, ids: Iterable[str]) -> None:
    """Take runs out of the ledger in the caller's transaction."""
    for run in ids:
        connection.execute(delete(key_run_hours).where(key_run_hours.c.run == run))
        connection.execute(delete(key_runs).where(key_runs.c.id == run))


def find_runs(engine: Engine, operator: str, day: str) -> list[KeyRunRow]:
    """Give the runs of an operator's day, the smallest first."""
    wanted = select(key_runs).where(key_runs.c.operator == operator, key_runs.c.day == day)
    with engine.connect() as connection:
        rows = list(connection.execute(wanted.order_by(key_runs.c.rows, key_runs.c.id)).mappings())
        hours = _hours(connection, [row["id"] for row in rows])
    return [_run(row, hours[row["id"]]) for row in rows]


def run_paths(engine: Engine) -> list[str]:
    """Give the files of all runs, below the lake's folder."""
    with engine.connect() as connection:
        return list(connection.execute(select(key_runs.c.path)).scalars())


def _hours(connection: Connection, runs: Sequence[str]) -> dict[str, list[HourSlice]]:
    found: dict[str, list[HourSlice]] = defaultdict(list)
    columns = (key_run_hours.c.run, key_run_hours.c.hour, key_run_hours.c.offset, key_run_hours.c.count)
    wanted = select(*columns).where(key_run_hours.c.run.in_(runs)).order_by(key_run_hours.c.hour)
    for run, *piece in connection.execute(wanted):
        found[run].append(HourSlice(*piece))
    return found


def _run(row: RowMapping, hours: Sequence[HourSlice]) -> KeyRunRow:
    return KeyRunRow(**row, hours=tuple(hours))


def _mapped(root: Path, run: KeyRunRow, place: int, count: int) -> UInt64:
    return np.memmap(root / run.path, dtype=_LITTLE, mode="r", offset=place * WORD_BYTES, shape=(count,))
