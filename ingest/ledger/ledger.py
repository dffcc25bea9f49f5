"""What the ledger answers and how it is written: the one place where anything becomes true.

What a batch brings is entered in one transaction, and so is a new run: a kill leaves all of it or nothing.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Connection, Engine, Select, Table, delete, func, insert, select, update

from ingest.faults import point
from ingest.fingerprint import Fingerprint, total
from ingest.ledger.dead_letters import content_digest
from ingest.ledger.tables import batches, current, dead_blocks, pair_days, quarantined, runs, segments

Entry = Callable[[Connection], object]  # writes what becomes true together with something else, in its transaction
EnterBatch = Callable[[Engine, "BatchRow", Iterable["SegmentRow"], Iterable[Entry]], None]
WITHDRAWN = "withdrawn"  # what is said of a run whose results are gone
COMPLETED, WITH_REJECTS, REJECTED = "COMPLETED", "COMPLETED_WITH_REJECTS", "REJECTED"


@dataclass(frozen=True)
class BatchRow:
    """One delivery, as `tables.batches` describes it."""

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
    format: str | None = None
    header: list[str] | None = None
    packed_digest: str | None = None
    kept_from: int | None = None
    superseded_by: str | None = None
    read_after: list[str] | None = None


@dataclass(frozen=True)
class SegmentRow:
    """One segment, as `tables.segments` describes it."""

    id: str
    batch: str | None
    operator: str
    day: str
    path: str
    rows: int
    size: int
    first_started: int
    last_started: int
    digest: str | None
    checksum: str | None = None


@dataclass(frozen=True)
class RunRow:
    """One run whose results count, as `tables.runs` describes it."""

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
    """One closed day of pairs, as `tables.pair_days` describes it."""

    operator: str
    day: str
    key: str
    path: str
    rows: int


def enter_batch(
    engine: Engine, batch: BatchRow, new_segments: Iterable[SegmentRow] = (), also: Iterable[Entry] = ()
) -> None:
    """Enter a batch, its segments and whatever else it brings (`also`) in one transaction.

    A batch that is in already is brought up to what this reading says, and keeps the calls that it brought before.
    """
    _enter(engine, [lambda connection: _enter_batch_row(connection, batch), *also], new_segments)


def enter_replay(
    engine: Engine, batch: BatchRow, new_segments: Iterable[SegmentRow] = (), also: Iterable[Entry] = ()
) -> None:
    """Enter what came of a batch's dead letters in one transaction; `batch` says what it holds from now on."""
    changed = update(batches).where(batches.c.id == batch.id).values(asdict(batch))
    _enter(engine, [lambda connection: connection.execute(changed), *also], new_segments)


def enter_segments(connection: Connection, new: Iterable[SegmentRow]) -> None:
    """Enter segments in the caller's transaction."""
    rows = [asdict(segment) for segment in new]
    if rows:
        connection.execute(insert(segments), rows)


def remove_segments(connection: Connection, ids: Iterable[str]) -> None:
    """Take segments out of the ledger in the caller's transaction."""
    for segment in ids:
        connection.execute(delete(segments).where(segments.c.id == segment))


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


def find_packed(engine: Engine, operator: str, mapping: str, packed_digest: str) -> BatchRow | None:
    """Give the newest batch of a file that lay there with these very bytes, read by this mapping, or None."""
    wanted = select(batches).where(batches.c.packed_digest == packed_digest)
    mine = wanted.where(batches.c.operator == operator, batches.c.mapping == mapping)
    with engine.connect() as connection:
        row = connection.execute(mine.order_by(batches.c.taken_at.desc()).limit(1)).mappings().first()
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


def find_operators(engine: Engine) -> list[str]:
    """Give the operators that have segments, sorted."""
    with engine.connect() as connection:
        return list(connection.execute(select(segments.c.operator).distinct().order_by(segments.c.operator)).scalars())


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


def withdraw_run(engine: Engine, scope: str) -> None:
    """Leave `scope` without a run in front, until the next one: what the run showed is gone."""
    with engine.begin() as connection:
        front = select(current.c.run_id).where(current.c.scope == scope).scalar_subquery()
        connection.execute(update(runs).where(runs.c.run_id == front).values(what=WITHDRAWN))
        connection.execute(update(current).where(current.c.scope == scope).values(version=current.c.version + 1))


def current_run(engine: Engine, scope: str) -> RunRow | None:
    """Give the run whose results are in front of `scope`, None before the first and where it was withdrawn."""
    shown = (current.c.scope == scope) & (runs.c.what != WITHDRAWN)
    found = _runs().join(current, current.c.run_id == runs.c.run_id).where(shown)
    with engine.connect() as connection:
        row = connection.execute(found).mappings().one_or_none()
    return RunRow(**row) if row else None


def current_version(engine: Engine, scope: str) -> int:
    """Give how often the pointer of `scope` has moved, 0 before the first run."""
    with engine.connect() as connection:
        return version_in(connection, scope)


def version_in(connection: Connection, scope: str) -> int:
    """Give `current_version`, read through the caller's connection."""
    return connection.execute(select(current.c.version).where(current.c.scope == scope)).scalar() or 0


def committed_runs(engine: Engine, scope: str) -> list[RunRow]:
    """Give all runs of `scope` that count, oldest first."""
    found = _runs().where(runs.c.scope == scope).order_by(runs.c.created_at, runs.c.run_id)
    with engine.connect() as connection:
        return [RunRow(**row) for row in connection.execute(found).mappings()]


def digest(engine: Engine) -> str:
    """Give the SHA-256 of what the ledger says, as hex: no clock times, no ids of runs, nothing of how calls are cut.

    Nor does it say after which losses a batch was read again.

    Equal after a kill and a repeat of the command, after the same file came again, and after compaction.
    """
    pointer = select(
        current.c.scope, *(runs.c[name] for name in ("as_of", "window_start", "window_end", "data_digest"))
    )
    queries = {
        "batches": _but(batches, "taken_at", "read_after"),
        "quarantined": _but(quarantined, "found_at", "accepted_at").add_columns(quarantined.c.accepted_at.is_not(None)),
        "pair_days": _but(pair_days),
        "current": pointer.join(runs, runs.c.run_id == current.c.run_id).order_by(current.c.scope),
    }
    said = hashlib.sha256()
    with engine.connect() as connection:
        said.update(f"dead_letters {content_digest(connection)}\n".encode())
        for name, query in queries.items():
            said.update(f"\n{name}\n".encode())
            for row in connection.execute(query):
                said.update(json.dumps(list(row), sort_keys=True, default=bytes.hex).encode() + b"\n")
    for day in _days(find_segments(engine)):
        said.update(f"{day}\n".encode())
    return said.hexdigest()


def _enter(engine: Engine, entries: Iterable[Entry], new_segments: Iterable[SegmentRow]) -> None:
    first, *others = entries
    with engine.begin() as connection:
        first(connection)  # the batch, to which the others point
        enter_segments(connection, new_segments)
        for entry in others:
            entry(connection)
        point("ledger:commit:before")
    point("ledger:commit:after")


def _enter_batch_row(connection: Connection, batch: BatchRow) -> None:
    _supersede(connection, batch)
    same = batches.c.id == batch.id
    before = connection.execute(
        select(batches.c.accepted, batches.c.duplicates, batches.c.name, batches.c.taken_at).where(same)
    ).one_or_none()
    if before is None:
        connection.execute(insert(batches).values(asdict(batch)))
        return
    # What it brought before counts as its own, also when some of it was lost in between and is brought again.
    calls = batch.accepted + batch.duplicates  # may be fewer than before: erased ones are dead letters now
    duplicates = min(max(before.duplicates, batch.duplicates - before.accepted), calls)
    accepted = calls - duplicates
    kept = {"name": before.name, "taken_at": before.taken_at, "accepted": accepted, "duplicates": duplicates}
    connection.execute(update(batches).where(same).values({**asdict(batch), **kept}))


def _supersede(connection: Connection, batch: BatchRow) -> None:
    """Let a batch's dead letters stand for those that other mappings left of the same content; their counts stay."""
    if batch.status == REJECTED:
        return
    same = (batches.c.operator == batch.operator) & (batches.c.digest == batch.digest)
    others = same & (batches.c.id != batch.id) & (batches.c.status != REJECTED)
    ids = list(connection.execute(select(batches.c.id).where(others)).scalars())
    connection.execute(update(batches).where(batches.c.id.in_(ids)).values(superseded_by=batch.id))
    connection.execute(delete(dead_blocks).where(dead_blocks.c.batch.in_(ids)))


def _days(rows: Iterable[SegmentRow]) -> list[str]:
    """Give what the days hold, however their calls are cut into segments."""
    days: dict[tuple[str, str], list[SegmentRow]] = defaultdict(list)
    for row in rows:
        days[row.operator, row.day].append(row)
    return [f"{operator} {day} {_content(of_day)}" for (operator, day), of_day in sorted(days.items())]


def _content(rows: Sequence[SegmentRow]) -> str:
    digests = [Fingerprint.parse(row.digest) for row in rows if row.digest is not None]
    first, last = min(row.first_started for row in rows), max(row.last_started for row in rows)
    return f"{sum(row.rows for row in rows)} {first} {last} {total(digests)}"


def _runs() -> Select[Any]:
    return select(*runs.c)


def _but(table: Table, *left_out: str) -> Select[Any]:
    columns = [column for column in table.c if column.name not in left_out]
    return select(*columns).order_by(*table.primary_key.columns)
