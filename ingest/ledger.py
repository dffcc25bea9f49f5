"""What the ledger answers and how it is written: the one place where anything becomes true.

What a batch brings is entered in one transaction, and so is a new run: a kill leaves all of it or nothing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field, fields
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, Select, Table, delete, func, insert, select, update

from ingest.faults import point
from ingest.ledger_tables import batches, current, dead_letters, pair_days, runs, segment_hours, segments

# A hostile file brings millions of them: the driver takes tuples several times faster than SQLAlchemy takes rows.
_INSERT_DEAD_LETTER = "INSERT INTO dead_letters (batch, row, reason, raw) VALUES (?, ?, ?, ?)"
COMPLETED, WITH_REJECTS, REJECTED = "COMPLETED", "COMPLETED_WITH_REJECTS", "REJECTED"


@dataclass(frozen=True)
class BatchRow:
    """One delivery, as `ledger_tables.batches` describes it."""

    id: str
    operator: str
    mapping: str
    digest: str
    name: str
    size: int
    rows: int
    accepted: int
    dead_lettered: int
    duplicates: int
    reasons: dict[str, int]
    warnings: dict[str, int]
    status: str
    message: str | None
    taken_at: int


@dataclass(frozen=True)
class HourSlice:
    """The keys of one event-hour in a segment's key sidecar: `count` keys after `offset` others."""

    hour: int
    offset: int
    count: int


@dataclass(frozen=True)
class SegmentRow:
    """One segment, as `ledger_tables.segments` describes it, with its event-hours."""

    id: str
    batch: str
    operator: str
    day: str
    path: str
    keys_path: str
    rows: int
    size: int
    first_started: int
    last_started: int
    digest: str
    hours: Sequence[HourSlice] = field(default=(), compare=False)


class DeadLetter(NamedTuple):
    """One row that was not taken in."""

    row: int
    reason: str
    raw: bytes


@dataclass(frozen=True)
class RunRow:
    """One run whose results count, as `ledger_tables.runs` describes it."""

    run_id: str
    scope: str
    as_of: int
    window_start: int
    window_end: int
    data_digest: str
    snapshot_id: str
    created_at: int
    what: str


@dataclass(frozen=True)
class PairDayRow:
    """One closed day of pairs, as `ledger_tables.pair_days` describes it."""

    operator: str
    day: str
    key: str
    path: str
    rows: int


def enter_batch(
    engine: Engine, batch: BatchRow, new_segments: Iterable[SegmentRow] = (), dead: Iterable[Sequence[DeadLetter]] = ()
) -> None:
    """Enter a batch, its segments and its dead letters (in portions) in one transaction.

    A batch that is in already is brought up to what this reading says, and keeps the calls that it brought before.
    """
    with engine.begin() as connection:
        _enter_batch_row(connection, batch)
        for segment in new_segments:
            _enter_segment(connection, segment)
        connection.execute(delete(dead_letters).where(dead_letters.c.batch == batch.id))
        for portion in dead:
            connection.exec_driver_sql(_INSERT_DEAD_LETTER, [(batch.id, *letter) for letter in portion])
        point("ledger:commit:before")
    point("ledger:commit:after")


def enter_refusal(engine: Engine, batch: BatchRow) -> None:
    """Enter that a file was refused; a batch that was taken in before stays exactly as it is."""
    with engine.begin() as connection:
        status = connection.execute(select(batches.c.status).where(batches.c.id == batch.id)).scalar()
        if status in (None, REJECTED):
            _enter_batch_row(connection, batch)
        point("ledger:commit:before")
    point("ledger:commit:after")


def find_batch(engine: Engine, batch_id: str) -> BatchRow | None:
    """Give a batch that is in the ledger, rejected ones included, or None."""
    with engine.connect() as connection:
        row = connection.execute(select(batches).where(batches.c.id == batch_id)).mappings().one_or_none()
    return BatchRow(**row) if row else None


def find_batches(engine: Engine) -> list[BatchRow]:
    """Give every batch, rejected ones included, in the order in which they were first taken."""
    with engine.connect() as connection:
        rows = connection.execute(select(batches).order_by(batches.c.taken_at, batches.c.id)).mappings()
        return [BatchRow(**row) for row in rows]


def find_segments(
    engine: Engine, operators: Sequence[str] | None = None, first_day: str = "", last_day: str = "9999-12-31"
) -> list[SegmentRow]:
    """Give the segments of some operators (None: all) whose day lies in [first_day, last_day], sorted."""
    wanted = select(segments).where(segments.c.day.between(first_day, last_day))
    if operators is not None:
        wanted = wanted.where(segments.c.operator.in_(operators))
    ordered = wanted.order_by(segments.c.operator, segments.c.day, segments.c.first_started, segments.c.id)
    with engine.connect() as connection:
        return [SegmentRow(**row) for row in connection.execute(ordered).mappings()]


def find_hours(engine: Engine, operator: str, hours: Sequence[int]) -> list[tuple[str, HourSlice]]:
    """Give (path of the key sidecar, slice) for every segment of `operator` that holds calls in any of `hours`."""
    wanted = (
        select(segments.c.keys_path, segment_hours.c.hour, segment_hours.c.offset, segment_hours.c.count)
        .join(segments, segments.c.id == segment_hours.c.segment)
        .where(segment_hours.c.operator == operator, segment_hours.c.hour.in_(hours))
        .order_by(segments.c.keys_path, segment_hours.c.hour)
    )
    with engine.connect() as connection:
        return [(path, HourSlice(hour, offset, count)) for path, hour, offset, count in connection.execute(wanted)]


def find_dead_letters(engine: Engine, batch_id: str) -> list[DeadLetter]:
    """Give the dead letters of one batch in the order of the file."""
    wanted = select(dead_letters.c.row, dead_letters.c.reason, dead_letters.c.raw)
    with engine.connect() as connection:
        rows = connection.execute(wanted.where(dead_letters.c.batch == batch_id).order_by(dead_letters.c.row))
        return [DeadLetter(row.row, row.reason, row.raw) for row in rows]


def find_pair_days(engine: Engine) -> dict[tuple[str, str], PairDayRow]:
    """Give the derived days by (operator, day)."""
    with engine.connect() as connection:
        rows = [PairDayRow(**row) for row in connection.execute(select(pair_days)).mappings()]
    return {(row.operator, row.day): row for row in rows}


def enter_pair_day(engine: Engine, row: PairDayRow) -> None:
    """Enter a derived day in place of an older one of the same operator and day."""
    same = (pair_days.c.operator == row.operator) & (pair_days.c.day == row.day)
    with engine.begin() as connection:
        connection.execute(delete(pair_days).where(same))
        connection.execute(insert(pair_days).values(asdict(row)))
        point("pair_day:commit:before")
    point("pair_day:commit:after")


def newest_call(engine: Engine, operators: Sequence[str] | None = None) -> int | None:
    """Give the start of the newest accepted call in µs, None when there is none."""
    newest = select(func.max(segments.c.last_started))
    if operators is not None:
        newest = newest.where(segments.c.operator.in_(operators))
    with engine.connect() as connection:
        return connection.execute(newest).scalar()


def switch_run(connection: Connection, run: RunRow) -> None:
    """Enter a run, if it is not in already, and move its scope's pointer to it, in the caller's transaction."""
    if not connection.execute(select(runs.c.run_id).where(runs.c.run_id == run.run_id)).first():
        connection.execute(insert(runs).values(asdict(run)))
    moved = update(current).where(current.c.scope == run.scope)
    if not connection.execute(moved.values(run_id=run.run_id, version=current.c.version + 1)).rowcount:
        connection.execute(insert(current).values(scope=run.scope, run_id=run.run_id, version=1))


def current_run(engine: Engine, scope: str) -> RunRow | None:
    """Give the run whose results are in front of `scope`, None before the first."""
    found = _runs().join(current, current.c.run_id == runs.c.run_id).where(current.c.scope == scope)
    with engine.connect() as connection:
        row = connection.execute(found).mappings().one_or_none()
    return RunRow(**row) if row else None


def current_version(engine: Engine, scope: str) -> int:
    """Give how often the pointer of `scope` has moved, 0 before the first run."""
    with engine.connect() as connection:
        return connection.execute(select(current.c.version).where(current.c.scope == scope)).scalar() or 0


def committed_runs(engine: Engine, scope: str) -> list[RunRow]:
    """Give all runs of `scope` that count, oldest first."""
    found = _runs().where(runs.c.scope == scope).order_by(runs.c.created_at, runs.c.run_id)
    with engine.connect() as connection:
        return [RunRow(**row) for row in connection.execute(found).mappings()]


def digest(engine: Engine) -> str:
    """Give the SHA-256 of what the ledger says, as hex: no clock times, no ids of runs, no file sizes.

    Equal after a kill and a repeat of the command, and after the same file came again.
    """
    pointer = select(
        current.c.scope, *(runs.c[name] for name in ("as_of", "window_start", "window_end", "data_digest"))
    )
    queries = {
        "batches": _but(batches, "taken_at"),
        "segments": _but(segments, "size"),
        "segment_hours": _but(segment_hours),
        "dead_letters": _but(dead_letters),
        "pair_days": _but(pair_days),
        "current": pointer.join(runs, runs.c.run_id == current.c.run_id).order_by(current.c.scope),
    }
    total = hashlib.sha256()
    with engine.connect() as connection:
        for name, query in queries.items():
            total.update(f"\n{name}\n".encode())
            for row in connection.execute(query):
                total.update(json.dumps(list(row), sort_keys=True, default=bytes.hex).encode() + b"\n")
    return total.hexdigest()


def _enter_batch_row(connection: Connection, batch: BatchRow) -> None:
    same = batches.c.id == batch.id
    before = connection.execute(
        select(batches.c.accepted, batches.c.name, batches.c.taken_at).where(same)
    ).one_or_none()
    if before is None:
        connection.execute(insert(batches).values(asdict(batch)))
        return
    kept = {"name": before.name, "taken_at": before.taken_at, "accepted": before.accepted + batch.accepted}
    values = {**asdict(batch), **kept, "duplicates": batch.duplicates - before.accepted}
    connection.execute(update(batches).where(same).values(values))


def _enter_segment(connection: Connection, segment: SegmentRow) -> None:
    values = {f.name: getattr(segment, f.name) for f in fields(segment) if f.name != "hours"}
    connection.execute(insert(segments).values(values))
    slices = [{"segment": segment.id, "operator": segment.operator, **asdict(hour)} for hour in segment.hours]
    connection.execute(insert(segment_hours), slices)


def _runs() -> Select[Any]:
    return select(*runs.c)


def _but(table: Table, *left_out: str) -> Select[Any]:
    columns = [column for column in table.c if column.name not in left_out]
    return select(*columns).order_by(*table.primary_key.columns)
