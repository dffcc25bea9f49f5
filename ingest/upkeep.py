"""What a writer does for the lake before it takes files in and after: sweep, make whole, compact, drop what is old."""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa
from sqlalchemy import Engine, Table, func, select, update

from configs import Settings
from ingest.erased import tombstones
from ingest.erasing.erasing import erase_pending
from ingest.files import empty_folder
from ingest.home import Home
from ingest.lake import retention
from ingest.lake.checksums import checksum_of, quick_fault_of
from ingest.lake.compaction import compact
from ingest.lake.lake import fingerprint_of
from ingest.lake.quarantine import lift_mended, rebuilt_runs, set_aside
from ingest.lake.segments import find_orphans, named_files
from ingest.ledger.ledger import SegmentRow, find_segments
from ingest.ledger.tables import key_runs, segments
from ingest.progress import Progress


def prepare(home: Home, engine: Engine, progress: Progress) -> None:
    """Sweep what a killed process left and bring the lake to what the ledger says; the caller holds the write lock.

    Segments whose files are missing or cut off are set aside, what earlier versions did not write is made, files that
    the ledger does not name are removed, and what is left of erased numbers goes.
    """
    empty_folder(home.staging)
    tombstones.restore(home, engine)
    _set_aside_missing(home, engine, progress)
    complete(home, engine, progress)
    orphans = find_orphans(home.lake, named_files(engine))
    for path in orphans:
        path.unlink()
    if orphans:
        progress.note(f"{len(orphans)} unfinished or replaced files were removed")
    if tombstones.is_unfinished(engine):
        erase_pending(home, engine, progress)


def finish(home: Home, engine: Engine, settings: Settings, progress: Progress) -> None:
    """Drop what is too old, compact, and end the quarantine of calls that are back; the caller holds the write lock."""
    retention.drop_old(home, engine, settings.retention, progress)
    compact(home, engine, settings.ingest, progress)
    for row in lift_mended(home, engine):
        progress.note(f"all calls of segment {row.segment} ({row.operator}, {row.day}) are back")


def complete(home: Home, engine: Engine, progress: Progress) -> None:
    """Make the digests, checksums and key runs that the ledger does not have; the caller holds the write lock."""
    unknown = [row for row in find_segments(engine) if row.digest is None or row.checksum is None]
    days = _days_without_keys(engine)
    if unknown or days:
        progress.stage("making the lake whole", len(unknown) + len(days), "steps")
    for segment in unknown:
        _complete(home, engine, segment)
        progress.advance(1)
    for operator, day in days:
        rebuilt_runs(home, engine, operator, day)
        progress.advance(1)


def _complete(home: Home, engine: Engine, segment: SegmentRow) -> None:
    path = home.lake / segment.path
    try:
        known = replace(segment, digest=str(fingerprint_of(path)), checksum=checksum_of(path))
    except (pa.ArrowException, OSError) as error:
        set_aside(home, engine, {segment: f"it cannot be read ({type(error).__name__})"})
        return
    values = {"digest": known.digest, "checksum": known.checksum}
    with engine.begin() as connection:
        connection.execute(update(segments).where(segments.c.id == segment.id).values(values))


def _set_aside_missing(home: Home, engine: Engine, progress: Progress) -> None:
    faults = {row: quick_fault_of(home.lake / row.path, row.size) for row in find_segments(engine)}
    for entry in set_aside(home, engine, {row: fault for row, fault in faults.items() if fault}):
        progress.note(str(entry))


def _days_without_keys(engine: Engine) -> list[tuple[str, str]]:
    """Give (operator, day) of days whose runs do not hold as many keys as there are calls."""
    calls, keys = _rows_of_days(engine, segments), _rows_of_days(engine, key_runs)
    return sorted(day for day in {*calls, *keys} if calls.get(day) != keys.get(day))


def _rows_of_days(engine: Engine, table: Table) -> dict[tuple[str, str], int]:
    counted = select(table.c.operator, table.c.day, func.sum(table.c.rows)).group_by(table.c.operator, table.c.day)
    with engine.connect() as connection:
        return {(operator, day): rows for operator, day, rows in connection.execute(counted)}
