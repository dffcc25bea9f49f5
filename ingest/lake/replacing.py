"""Another reading of a call takes its place where it comes first in the total order, so that no order of files counts.

Segments that hold such calls and the runs of their keys are written anew. All of it becomes true with the batch that
brought the other reading, in its transaction: a kill leaves the lake as it was, and files that no ledger names.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from sqlalchemy import Connection, Engine

from ingest.faults import point
from ingest.files import fsync, make_folder
from ingest.home import Home
from ingest.lake.duplicates import without_repeats
from ingest.lake.key_removal import without_keys
from ingest.lake.key_runs import KeyRunRow, Keys, enter_runs, find_runs, hours_of, remove_runs, sorted_keys, write_run
from ingest.lake.segments import write_segment
from ingest.lake.total_order import choose
from ingest.ledger.ledger import SegmentRow, enter_segments, find_segments, remove_segments
from ingest.values.arrow import Int64, whole


class Replacing:
    """What one batch changes of the lake: `segments` and `runs` that it brings, and those of others that it replaces.

    Nothing counts before `enter`; `folder` is the batch's own.
    """

    def __init__(
        self,
        home: Home,
        engine: Engine,
        folder: Path,
        segments: Iterable[SegmentRow],
        runs: Iterable[KeyRunRow],
    ) -> None:
        self._home, self._engine, self._folder = home, engine, folder
        self.segments, self.runs = list(segments), list(runs)
        self.label_conflicts = 0
        self._gone_segments: list[SegmentRow] = []
        self._gone_runs: list[KeyRunRow] = []

    def settle(self, operator: str, day: str, parts: Callable[[], Iterable[pa.Table]]) -> None:
        """Decide between calls of one operator and day and those of the lake with the same keys in the same hours.

        `parts` gives those calls in parts that fit into memory, once for every segment of the day.
        """
        settled = [self._settle_in(segment, parts()) for segment in self._segments_of(operator, day)]
        lost = [change.lost for change in settled if change is not None]
        if lost:
            kept = [change.kept for change in settled if change is not None]
            self._replace_keys(operator, day, _together(lost), _together(kept))

    def enter(self, connection: Connection) -> None:
        """Enter segments and runs in the caller's transaction, in place of those that they replace."""
        remove_segments(connection, [segment.id for segment in self._gone_segments])
        remove_runs(connection, [run.id for run in self._gone_runs])
        enter_segments(connection, self.segments)
        enter_runs(self.runs)(connection)

    def remove_files(self) -> None:
        """Remove what was replaced, after `enter` counts; what a kill leaves is swept by the next writer."""
        kept = _paths(self.segments, self.runs)
        for path in _paths(self._gone_segments, self._gone_runs) - kept:
            (self._home.lake / path).unlink(missing_ok=True)
        point("replace:removed")

    def _segments_of(self, operator: str, day: str) -> list[SegmentRow]:
        entered = find_segments(self._engine, [operator], day, day)
        mine = [row for row in self.segments if (row.operator, row.day) == (operator, day)]
        return [row for row in entered if row not in self._gone_segments] + mine

    def _settle_in(self, segment: SegmentRow, parts: Iterable[pa.Table]) -> _Change | None:
        """Settle one segment, which is written anew at most once; gives the keys that are replaced, and by what."""
        contents = _Contents(self._home.lake / segment.path)
        for part in parts:
            self.label_conflicts += contents.settle(without_repeats(part))
        if not contents.changed.any():
            return None
        if segment in self.segments:
            self.segments.remove(segment)
        self._gone_segments.append(segment)
        self.segments.append(self._written(contents.calls, segment.batch))
        changed = pa.array(contents.changed)
        return _Change(*(sorted_keys(calls.filter(changed))[0] for calls in (contents.original, contents.calls)))

    def _written(self, calls: pa.Table, batch: str | None) -> SegmentRow:
        """Write a segment under a name made from its bytes.

        Two segments of the same calls with other labels have one name otherwise, and the file that the ledger names
        would be written over.
        """
        apart = Home(self._folder / "replacing").create()
        row = write_segment(calls, batch, apart, "replace:segment")
        name = hashlib.sha256(f"{row.id} {row.checksum}".encode()).hexdigest()[:32]
        path = row.path.replace(row.id, name)
        make_folder((self._home.lake / path).parent)
        (apart.lake / row.path).rename(self._home.lake / path)
        fsync((self._home.lake / path).parent)
        return replace(row, id=name, path=path)

    def _replace_keys(self, operator: str, day: str, gone: Keys, kept: Keys) -> None:
        entered = [run for run in find_runs(self._engine, operator, day) if run not in self._gone_runs]
        mine = [run for run in self.runs if (run.operator, run.day) == (operator, day)]
        for run in (*entered, *mine):
            left = without_keys(run, gone, self._home, "replace:keys")
            if left == run:
                continue
            if run in self.runs:
                self.runs.remove(run)
            self._gone_runs.append(run)
            self.runs += [left] if left else []
        self.runs.append(write_run(kept, operator, day, self._home))


class _Change(NamedTuple):
    """Keys of a segment's calls that are replaced, and of what stays instead of them."""

    lost: Keys
    kept: Keys


class _Contents:
    """The calls of a segment while other readings are laid beside them; they keep their places."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._keys = whole(pq.ParquetFile(path).read(columns=["call_key"])["call_key"])
        self.changed = np.zeros(len(self._keys), dtype=bool)
        self.calls: pa.Table

    @cached_property
    def original(self) -> pa.Table:
        """The calls as the lake has them."""
        return pq.ParquetFile(self._path).read()

    def settle(self, others: pa.Table) -> int:
        """Lay other readings beside the calls, each key once, and give how many labels conflict."""
        place = pc.index_in(self._keys, whole(others["call_key"]))
        rows = np.flatnonzero(place.is_valid().to_numpy(zero_copy_only=False))
        if not len(rows):
            return 0
        calls = self.calls if self.changed.any() else self.original
        rows = rows[hours_of(calls)[rows] == hours_of(others)[place.take(pa.array(rows)).to_numpy()]]
        chosen = choose(calls.take(pa.array(rows)), others.take(place.take(pa.array(rows))))
        self._put(calls, rows[chosen.changed], chosen.calls.filter(pa.array(chosen.changed)))
        return chosen.label_conflicts

    def _put(self, calls: pa.Table, rows: Int64, instead: pa.Table) -> None:
        if not len(rows):
            return
        order = np.arange(len(calls))
        order[rows] = len(calls) + np.arange(len(rows))
        self.calls = pa.concat_tables([calls, instead]).take(pa.array(order))
        self.changed[rows] = True


def _together(keys: Sequence[Keys]) -> Keys:
    joined = Keys(*map(np.concatenate, zip(*keys, strict=True)))
    return joined.where(np.lexsort((joined.low, joined.high, joined.hours)))


def _paths(segments: Iterable[SegmentRow], runs: Iterable[KeyRunRow]) -> set[str]:
    return {segment.path for segment in segments} | {run.path for run in runs}
