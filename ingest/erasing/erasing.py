"""What the lake and the ledger hold of erased numbers goes: calls, keys, dead letters, halves, names of files.

A call with an erased number on any side goes whole, for both sides. Every segment that holds one is written anew, a
day in one transaction, and the files that are replaced are removed at once: who has one open may read it to its end.
All of it may be repeated, so that the next writer finishes what a kill left.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Engine, delete, select

from ingest.erased import tombstones
from ingest.erased.erased import SIDES
from ingest.erased.number_search import holds, numbers_of, read_calls
from ingest.erasing.dead import erase_letters, erase_names, numbers_in_letters
from ingest.erasing.pairs import erase_pairs, numbers_in_pairs
from ingest.faults import point
from ingest.files import empty_folder
from ingest.home import Home
from ingest.lake.key_merging import remove_files
from ingest.lake.key_removal import without_keys
from ingest.lake.key_runs import KeyRunRow, enter_runs, remove_runs, sorted_keys
from ingest.lake.pair_index import files_of
from ingest.lake.quarantine import faults_of, find_missing, intact_runs, remains_of, set_aside
from ingest.lake.segments import find_orphans, named_files, write_segment
from ingest.ledger import halves
from ingest.ledger.ledger import SegmentRow, enter_segments, find_segments, remove_segments
from ingest.ledger.tables import pair_days
from ingest.parallel import in_order
from ingest.progress import Progress
from ingest.values.arrow import Bools, whole


@dataclass
class Touched:
    """What was erased: by number where it can be told."""

    calls: Counter[str] = field(default_factory=Counter)
    dead_letters: Counter[str] = field(default_factory=Counter)
    halves: int = 0
    segments: int = 0  # written anew, or removed where nothing of them is left
    days: int = 0


def erase_pending(home: Home, engine: Engine, progress: Progress) -> Touched:
    """Erase the numbers of all pending tombstones from lake and ledger; the caller holds the home's write lock.

    Damaged segments are set aside first, since what cannot be read cannot be erased from: of those only the keys stay.
    """
    empty_folder(home.staging)
    for path in find_orphans(home.lake, named_files(engine)):
        path.unlink()
    set_aside(home, engine, faults_of(home.lake, find_segments(engine)))
    if tombstones.has_unknown(engine):
        _find_numbers(home, engine, progress)
    numbers = list(tombstones.pending(engine).values())
    touched = Touched()
    if numbers:
        _erase_calls(home, engine, numbers, touched, progress)
        erase_pairs(home, engine, numbers, progress)
        _erase_from_ledger(engine, numbers, touched)
        _remove_quarantined(home, engine, numbers)
    return touched


def _find_numbers(home: Home, engine: Engine, progress: Progress) -> None:
    """Find the numbers of which only the hash is known, since a backup from before their erasure was restored."""
    segments = find_segments(engine)
    progress.stage("looking for erased numbers", len(segments), "segments")
    for numbers in in_order(lambda segment: numbers_of(home.lake / segment.path), segments):
        tombstones.name(home, engine, numbers)
        progress.advance(1)
    tombstones.name(home, engine, numbers_in_pairs(home, engine, progress))
    tombstones.name(home, engine, halves.numbers_waiting(engine))
    tombstones.name(home, engine, numbers_in_letters(home, engine))


def _erase_calls(home: Home, engine: Engine, numbers: Sequence[str], touched: Touched, progress: Progress) -> None:
    segments = find_segments(engine)
    progress.stage("looking for calls", len(segments), "segments")
    holding: list[SegmentRow] = []
    found = in_order(lambda segment: holds(home.lake / segment.path, numbers), segments)
    for segment, is_holding in zip(segments, found, strict=True):
        holding += [segment] if is_holding else []
        progress.advance(1)
    progress.stage("erasing", len(holding), "segments")
    for _, of_day in groupby(holding, key=lambda segment: (segment.operator, segment.day)):
        rows = list(of_day)
        _erase_from_day(home, engine, rows, numbers, touched)
        progress.advance(len(rows))


def _erase_from_day(
    home: Home, engine: Engine, segments: Sequence[SegmentRow], numbers: Sequence[str], touched: Touched
) -> None:
    operator, day = segments[0].operator, segments[0].day
    runs = intact_runs(home, engine, operator, day)
    made: list[SegmentRow] = []
    gone: list[pa.Table] = []
    calls_of: Counter[str] = Counter()
    for segment in segments:
        calls = read_calls(home.lake / segment.path)
        is_erased = _is_erased(calls, numbers, calls_of)
        gone.append(calls.filter(pa.array(is_erased)))
        if not is_erased.all():
            left = calls.filter(pa.array(~is_erased))
            made.append(write_segment(left, segment.batch, home, "erase:segment"))
    keys, _ = sorted_keys(pa.concat_tables(gone))
    kept = [left for run in runs if (left := without_keys(run, keys, home, "erase:keys"))]
    old_pairs = _replace_day(engine, segments, made, runs, kept)
    for path in [*(segment.path for segment in segments), *old_pairs]:
        (home.lake / path).unlink(missing_ok=True)
    remove_files(home.lake, runs, kept)
    point("erase:day:removed")
    touched.calls += calls_of
    touched.segments += len(segments)
    touched.days += 1


def _replace_day(
    engine: Engine,
    segments: Sequence[SegmentRow],
    made: Sequence[SegmentRow],
    runs: Sequence[KeyRunRow],
    kept: Sequence[KeyRunRow],
) -> list[str]:
    """Enter a day's segments and runs in place of others, and give the files of the pairs that were derived from it."""
    operator, day = segments[0].operator, segments[0].day
    derived = (pair_days.c.operator == operator) & (pair_days.c.day == day)
    with engine.begin() as connection:
        remove_segments(connection, [segment.id for segment in segments])
        enter_segments(connection, made)
        remove_runs(connection, [run.id for run in runs])
        enter_runs(kept)(connection)
        paths = list(connection.execute(select(pair_days.c.path).where(derived)).scalars())
        connection.execute(delete(pair_days).where(derived))
        point("erase:day:before")
    point("erase:day:after")
    return [file for path in paths for file in files_of(path)]


def _is_erased(calls: pa.Table, numbers: Sequence[str], calls_of: Counter[str]) -> Bools:
    """Say which calls go, and count them for each number."""
    wanted = pa.array(numbers)
    places = [pc.index_in(whole(calls[side]), value_set=wanted) for side in SIDES]
    found = np.column_stack([pc.fill_null(place, -1).to_numpy(zero_copy_only=False) for place in places])
    for first, row in enumerate(found.T):
        earlier = found[:, :first]
        counted = row[(row >= 0) & ~(earlier == row[:, None]).any(axis=1)]  # a number on two sides is one call
        for place, count in zip(*np.unique(counted, return_counts=True), strict=True):
            calls_of[numbers[place]] += int(count)
    return np.asarray((found >= 0).any(axis=1), dtype=bool)


def _erase_from_ledger(engine: Engine, numbers: Sequence[str], touched: Touched) -> None:
    with engine.begin() as connection:
        touched.dead_letters += erase_letters(connection, numbers)
        touched.halves += halves.forget_numbers(connection, numbers)
        erase_names(connection, numbers)
        point("erase:letters:before")
    point("erase:letters:after")


def _remove_quarantined(home: Home, engine: Engine, numbers: Collection[str]) -> None:
    """Remove damaged files but those that can be read and hold none of the numbers; nothing needs them any more."""
    for row in find_missing(engine):
        damaged, _ = remains_of(home, row.segment)
        if damaged.is_file() and _may_hold(damaged, numbers):
            damaged.unlink()


def _may_hold(damaged: Path, numbers: Collection[str]) -> bool:
    try:
        return holds(damaged, numbers)
    except (pa.ArrowException, OSError):
        return True
