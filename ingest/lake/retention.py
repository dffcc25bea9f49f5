"""Retention: whole days that are older than a class of data is kept are dropped, from the ledger first, then the files.

Age is counted in the data's own time, back from the operator's newest call; that of dead letters by the clock, from
when their file was taken in.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

from sqlalchemy import Connection, Engine, Table, delete, func, or_, select, update

from configs import RetentionSettings
from ingest.faults import point
from ingest.home import Home
from ingest.lake.key_runs import remove_runs
from ingest.lake.lake import DAY_US, day_of, day_start
from ingest.lake.pair_index import files_of, index_path
from ingest.lake.quarantine import remains_of
from ingest.ledger.halves import forget_before
from ingest.ledger.ledger import find_operators, newest_call
from ingest.ledger.tables import batches, dead_blocks, key_runs, pair_days, quarantined, segments
from ingest.progress import Progress


def horizon(engine: Engine, operator: str, kept: RetentionSettings) -> int | None:
    """Give the first instant in µs of which calls of an operator are kept, None where all are.

    A call of before that is not taken in any more (`started_before_retention`).
    """
    newest = newest_call(engine, [operator])
    return None if kept.calls is None or newest is None else day_start(_first_day(newest, kept.calls))


def drop_old(home: Home, engine: Engine, kept: RetentionSettings, progress: Progress) -> None:
    """Drop what is older than it is kept, whole days only; the caller holds the home's write lock."""
    if kept == RetentionSettings():
        return
    with engine.begin() as connection:
        files = [home.lake / path for path in _drop_days(connection, engine, kept)]
        gone = _drop_quarantined(connection, engine, kept)
        letters = _drop_dead_letters(connection, kept)
        point("retention:commit:before")
    point("retention:commit:after")
    for path in [*files, *(remains for segment in gone for remains in remains_of(home, segment))]:
        path.unlink(missing_ok=True)
    if files or letters:
        progress.note(f"retention: {len(files)} files of old days and {letters} blocks of old dead letters are gone")


def _first_day(newest: int, span: str) -> str:
    return day_of(newest - days_of(span) * DAY_US)


def days_of(span: str) -> int:
    """Give the days of a span such as 400d."""
    return int(span.removesuffix("d"))


def _firsts(engine: Engine, span: str | None) -> Iterator[tuple[str, str]]:
    """Give (operator, first day that is kept)."""
    for operator in find_operators(engine) if span else ():
        newest = newest_call(engine, [operator])
        if span and newest is not None:
            yield operator, _first_day(newest, span)


def _drop_days(connection: Connection, engine: Engine, kept: RetentionSettings) -> list[str]:
    """Drop segments, runs and derived days, and give their files."""
    files: list[str] = []
    for operator, first in _firsts(engine, kept.calls):
        runs = select(key_runs.c.id).where(key_runs.c.operator == operator, key_runs.c.day < first)
        ids = list(connection.execute(runs).scalars())
        files += connection.execute(select(key_runs.c.path).where(key_runs.c.id.in_(ids))).scalars()
        remove_runs(connection, ids)
        files += _drop_calls(connection, operator, first)
        forget_before(connection, operator, day_start(first))
        _mark_batches(connection, operator, day_start(first))
    for operator, first in _firsts(engine, kept.pair_days):
        files += [file for path in _drop(connection, pair_days, operator, first) for file in files_of(path)]
    return files


def gone_before(engine: Engine, operator: str) -> int | None:
    """Give the instant in µs before which calls of an operator were dropped for their age, None where none were."""
    with engine.connect() as connection:
        return connection.execute(select(func.max(batches.c.kept_from)).where(batches.c.operator == operator)).scalar()


def _mark_batches(connection: Connection, operator: str, first: int) -> None:
    """Remember of which time the calls of batches are gone: their files are read again once more is kept."""
    reach_before = or_(batches.c.kept_from.is_(None), batches.c.kept_from < first)
    connection.execute(update(batches).where(batches.c.operator == operator, reach_before).values(kept_from=first))


def _drop_calls(connection: Connection, operator: str, first: str) -> list[str]:
    """Drop segments, and give their files with the indexes of pairs that are made of single calls."""
    days = select(segments.c.day).where(segments.c.operator == operator, segments.c.day < first)
    derived = select(pair_days.c.path).where(pair_days.c.operator == operator, pair_days.c.day.in_(days))
    indexes = [index_path(path, of_calls=True) for path in connection.execute(derived).scalars()]
    return indexes + _drop(connection, segments, operator, first)


def _drop(connection: Connection, table: Table, operator: str, first: str) -> list[str]:
    old = (table.c.operator == operator) & (table.c.day < first)
    files = list(connection.execute(select(table.c.path).where(old)).scalars())
    connection.execute(delete(table).where(old))
    return files


def _drop_quarantined(connection: Connection, engine: Engine, kept: RetentionSettings) -> list[str]:
    gone: list[str] = []
    for operator, first in _firsts(engine, kept.calls):
        old = (quarantined.c.operator == operator) & (quarantined.c.day < first)
        gone += connection.execute(select(quarantined.c.segment).where(old)).scalars()
        connection.execute(delete(quarantined).where(old))
    return gone


def _drop_dead_letters(connection: Connection, kept: RetentionSettings) -> int:
    if kept.dead_letters is None:
        return 0
    before = time.time_ns() // 1000 - days_of(kept.dead_letters) * DAY_US
    old = select(batches.c.id).where(batches.c.taken_at < before)
    return connection.execute(delete(dead_blocks).where(dead_blocks.c.batch.in_(old))).rowcount
