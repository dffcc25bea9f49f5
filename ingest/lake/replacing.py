"""Another reading of a call takes its place where it comes first in the total order, so that no order of files counts.

Segments that hold such calls and the runs of their keys are written anew. All of it becomes true with the batch that
brought the other reading, in its transaction: a kill leaves the lake as it was, and files that no ledger names.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

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
from ingest.lake.key_runs import KeyRunRow, enter_runs, find_runs, hours_of, remove_runs, sorted_keys, write_run
from ingest.lake.segments import write_segment
from ingest.lake.total_order import choose
from ingest.ledger.ledger import SegmentRow, enter_segments, find_segments, remove_segments
from ingest.values.arrow import whole


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

    def settle(self, operator: str, day: str, contested: pa.Table) -> None:
        """Decide between calls of one operator and day and those of the lake with the same keys in the same hours."""
        others = without_repeats(contested)
        found = [self._settle_in(segment, others) for segment in self._segments_of(operator, day)]
        lost = [gone for gone, _ in found if len(gone)]
        if lost:
            self._replace_keys(operator, day, pa.concat_tables(lost), pa.concat_tables([kept for _, kept in found]))

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

    def _settle_in(self, segment: SegmentRow, others: pa.Table) -> tuple[pa.Table, pa.Table]:
        """Give (calls of a segment that are replaced, what stays instead of them)."""
        path = self._home.lake / segment.path
        keys = pq.ParquetFile(path).read(columns=["call_key"])["call_key"]
        if not pc.any(pc.is_in(keys, whole(others["call_key"]))).as_py():
            return others.slice(0, 0), others.slice(0, 0)
        calls = pq.ParquetFile(path).read()
        place = pc.index_in(whole(calls["call_key"]), whole(others["call_key"]))
        rows = np.flatnonzero(place.is_valid().to_numpy(zero_copy_only=False))
        rows = rows[hours_of(calls)[rows] == hours_of(others)[place.take(pa.array(rows)).to_numpy()]]
        ones = calls.take(pa.array(rows))
        chosen = choose(ones, others.take(place.take(pa.array(rows))))
        self.label_conflicts += chosen.label_conflicts
        if chosen.changed.any():
            self._rewrite(segment, calls, rows[chosen.changed], chosen.calls.filter(pa.array(chosen.changed)))
        changed = pa.array(chosen.changed)
        return ones.filter(changed), chosen.calls.filter(changed)

    def _rewrite(self, segment: SegmentRow, calls: pa.Table, rows: Sequence[int], instead: pa.Table) -> None:
        left = np.ones(len(calls), dtype=bool)
        left[rows] = False
        together = pa.concat_tables([calls.filter(pa.array(left)), instead])
        if segment in self.segments:
            self.segments.remove(segment)
        self._gone_segments.append(segment)
        self.segments.append(self._written(together, segment.batch))

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

    def _replace_keys(self, operator: str, day: str, lost: pa.Table, kept: pa.Table) -> None:
        gone, _ = sorted_keys(lost)
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
        keys, _ = sorted_keys(kept)
        self.runs.append(write_run(keys, operator, day, self._home))


def _paths(segments: Iterable[SegmentRow], runs: Iterable[KeyRunRow]) -> set[str]:
    return {segment.path for segment in segments} | {run.path for run in runs}
