"""Damaged segments: set aside with what they held, until their calls are back.

While a segment of a day is missing no query may count that day: it would be told too little, and not know it. Once its
loss is accepted queries count the day as it is; that its calls are missing stays known, so that they can come back.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from pathlib import Path

from sqlalchemy import Engine, Select, delete, insert, select, update

from ingest.faults import point
from ingest.files import make_folder
from ingest.home import Home
from ingest.lake.checksums import fault_of
from ingest.lake.key_merging import remove_files, runs_of
from ingest.lake.key_runs import KeyRunRow, enter_runs, fault_of_run, find_runs, remove_runs
from ingest.lake.lost_keys import LostKeysError, all_back, write_lost
from ingest.ledger.ledger import SegmentRow, find_segments, remove_segments
from ingest.ledger.tables import quarantined

_UNTOLD = "; the keys of its calls are damaged, too, so that it is not seen when its calls are back"


class DamagedLakeError(RuntimeError):
    """Calls of the lake are damaged or missing; the message says which and what to do."""


@dataclass(frozen=True)
class QuarantinedRow:
    """One damaged segment, as `tables.quarantined` describes it."""

    segment: str
    operator: str
    day: str
    rows: int
    digest: str | None
    path: str
    why: str
    found_at: int
    accepted_at: int | None = None

    def __str__(self) -> str:
        return (
            f"segment {self.segment} of operator {self.operator}, day {self.day}, {self.rows} calls: {self.why}; "
            "bring its files again with `ringfence ingest`, or give its calls up with "
            f"`ringfence doctor --accept-loss {self.segment}`"
        )


def find_quarantined(
    engine: Engine, operators: Sequence[str] | None = None, first_day: str = "", last_day: str = "9999-12-31"
) -> list[QuarantinedRow]:
    """Give the damaged segments of some operators (None: all) whose day lies in [first_day, last_day], sorted.

    Those whose loss is accepted are not among them.
    """
    wanted = _rows().where(quarantined.c.day.between(first_day, last_day), quarantined.c.accepted_at.is_(None))
    if operators is not None:
        wanted = wanted.where(quarantined.c.operator.in_(operators))
    return _found(engine, wanted)


def find_missing(engine: Engine) -> list[QuarantinedRow]:
    """Give all segments whose calls are missing, those whose loss is accepted too, sorted."""
    return _found(engine, _rows())


def losses(engine: Engine, operator: str) -> list[str]:
    """Give a name for each time that calls of an operator were lost which are not back, accepted or not; sorted.

    A file that was taken in before a loss is read again once: then all that it holds is there.
    """
    return sorted(f"{row.segment} {row.found_at}" for row in find_missing(engine) if row.operator == operator)


def refuse(rows: Sequence[QuarantinedRow]) -> None:
    """Raise DamagedLakeError when there are any."""
    if rows:
        more = f" ({len(rows) - 1} more: `ringfence doctor`)" if len(rows) > 1 else ""
        raise DamagedLakeError(f"{rows[0]}{more}")


def faults_of(root: Path, segments: Iterable[SegmentRow]) -> dict[SegmentRow, str]:
    """Give the segments whose files are missing or not what was written, and what is wrong."""
    faults = {segment: fault_of(root / segment.path, segment.size, segment.checksum) for segment in segments}
    return {segment: fault for segment, fault in faults.items() if fault}


def set_aside(home: Home, engine: Engine, faults: Mapping[SegmentRow, str]) -> list[QuarantinedRow]:
    """Move damaged segments out of the lake and the ledger, with any other damaged one of the same days.

    The keys of those days are made anew from what is left, so that the missing calls are new when they are brought
    again. The caller holds the home's write lock. Gives the entries.
    """
    entries: list[QuarantinedRow] = []
    damaged = sorted(faults, key=lambda segment: (segment.operator, segment.day))
    for (operator, day), _ in groupby(damaged, key=lambda segment: (segment.operator, segment.day)):
        segments = find_segments(engine, [operator], day, day)
        found = {**faults_of(home.lake, segments), **{s: why for s, why in faults.items() if s in segments}}
        entries += _set_aside_of_day(home, engine, segments, found)
    return entries


def set_damaged_aside(home: Home, engine: Engine, operator: str, day: str) -> list[QuarantinedRow]:
    """Set aside what is damaged of an operator's day, as `set_aside` does; gives the entries."""
    faults = faults_of(home.lake, find_segments(engine, [operator], day, day))
    return set_aside(home, engine, faults)


def check(home: Home, engine: Engine, segments: Iterable[SegmentRow]) -> None:
    """Set aside what is damaged of some segments and raise DamagedLakeError; the caller holds the write lock."""
    if faults := faults_of(home.lake, segments):
        refuse(set_aside(home, engine, faults))


def intact_runs(home: Home, engine: Engine, operator: str, day: str) -> list[KeyRunRow]:
    """Give the key runs of an operator's day, made anew from its calls where a file of theirs is damaged."""
    runs = find_runs(engine, operator, day)
    return rebuilt_runs(home, engine, operator, day) if _damaged(home, runs) else runs


def rebuilt_runs(home: Home, engine: Engine, operator: str, day: str) -> list[KeyRunRow]:
    """Make the key runs of an operator's day anew from its calls, in place of what there is.

    Segments whose files are damaged are set aside.
    """
    segments = find_segments(engine, [operator], day, day)
    if faults := faults_of(home.lake, segments):
        set_aside(home, engine, faults)
        return find_runs(engine, operator, day)
    old, new = find_runs(engine, operator, day), runs_of(home, segments)
    with engine.begin() as connection:
        remove_runs(connection, [run.id for run in old])
        enter_runs(new)(connection)
    remove_files(home.lake, old, new)
    return new


def lift_mended(home: Home, engine: Engine) -> list[QuarantinedRow]:
    """Lift the quarantine of segments whose calls are all in the lake again, and give them."""
    mended = [row for row in find_missing(engine) if _is_back(home, engine, row)]
    for row in mended:
        with engine.begin() as connection:
            connection.execute(delete(quarantined).where(quarantined.c.segment == row.segment))
        for path in remains_of(home, row.segment):
            path.unlink(missing_ok=True)
    return mended


def accept_loss(home: Home, engine: Engine, segment: str) -> None:
    """Let questions count the day of a damaged segment without its calls, and remove its file.

    Its keys stay: when its calls are brought again after all, they are taken in. Raises KeyError when there is no such
    segment, or its loss is accepted already.
    """
    waiting = (quarantined.c.segment == segment) & quarantined.c.accepted_at.is_(None)
    with engine.begin() as connection:
        if not connection.execute(update(quarantined).where(waiting).values(accepted_at=_now())).rowcount:
            raise KeyError(segment)
        _file(home, segment).unlink(missing_ok=True)  # before the commit: after a kill the command can be repeated


def remains_of(home: Home, segment: str) -> tuple[Path, Path]:
    """Give the files in the quarantine that belong to a damaged segment, whether they are there or not."""
    return _file(home, segment), _lost(home, segment)


def _set_aside_of_day(
    home: Home, engine: Engine, segments: Sequence[SegmentRow], faults: Mapping[SegmentRow, str]
) -> list[QuarantinedRow]:
    operator, day = segments[0].operator, segments[0].day
    old = find_runs(engine, operator, day)
    new = runs_of(home, [segment for segment in segments if segment not in faults])
    told = not _damaged(home, old) and sum(run.rows for run in old) == sum(segment.rows for segment in segments)
    entries = [_entry(segment, why if told else why + _UNTOLD) for segment, why in faults.items()]
    make_folder(home.quarantine)
    for segment in faults:
        if told:
            write_lost(_lost(home, segment.id), home, old, new)
        if (home.lake / segment.path).is_file():
            (home.lake / segment.path).rename(_file(home, segment.id))
    point("quarantine:moved")
    with engine.begin() as connection:
        remove_segments(connection, [segment.id for segment in faults])
        again = quarantined.c.segment.in_([entry.segment for entry in entries])  # the same calls, damaged once more
        connection.execute(delete(quarantined).where(again))
        connection.execute(insert(quarantined), [asdict(entry) for entry in entries])
        remove_runs(connection, [run.id for run in old])
        enter_runs(new)(connection)
        point("quarantine:commit:before")
    point("quarantine:commit:after")
    remove_files(home.lake, old, new)
    return entries


def _entry(segment: SegmentRow, why: str) -> QuarantinedRow:
    of_segment = (segment.id, segment.operator, segment.day, segment.rows, segment.digest, segment.path)
    return QuarantinedRow(*of_segment, why, _now())


def _is_back(home: Home, engine: Engine, row: QuarantinedRow) -> bool:
    if row.why.endswith(_UNTOLD):
        return False
    runs = intact_runs(home, engine, row.operator, row.day)
    try:
        return all_back(_lost(home, row.segment), home.lake, runs)
    except LostKeysError:
        _say_untold(engine, row)
        return False


def _say_untold(engine: Engine, row: QuarantinedRow) -> None:
    mine = quarantined.c.segment == row.segment
    with engine.begin() as connection:
        connection.execute(update(quarantined).where(mine).values(why=row.why + _UNTOLD))


def _damaged(home: Home, runs: Iterable[KeyRunRow]) -> bool:
    return any(fault_of_run(home.lake, run) for run in runs)


def _file(home: Home, segment: str) -> Path:
    return home.quarantine / f"{segment}.parquet"


def _lost(home: Home, segment: str) -> Path:
    return home.quarantine / f"{segment}.lost.parquet"


def _found(engine: Engine, wanted: Select[tuple[object, ...]]) -> list[QuarantinedRow]:
    with engine.connect() as connection:
        return [QuarantinedRow(**row) for row in connection.execute(wanted).mappings()]


def _now() -> int:
    return time.time_ns() // 1000


def _rows() -> Select[tuple[object, ...]]:
    return select(*quarantined.c).order_by(quarantined.c.operator, quarantined.c.day, quarantined.c.segment)
