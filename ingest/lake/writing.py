"""Calls of one staged file become segments and runs of keys: what the lake has already is left out first."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pyarrow as pa
from sqlalchemy import Engine

from ingest.home import Home
from ingest.lake.contested import Contested
from ingest.lake.duplicates import without_known, without_repeats
from ingest.lake.key_merging import with_run
from ingest.lake.key_runs import KeyRunRow
from ingest.lake.labels import LabelConflicts
from ingest.lake.lake import day_of
from ingest.lake.record_keys import OncePerFile
from ingest.lake.replacing import Replacing
from ingest.lake.segments import write_segment
from ingest.lake.staging import Staging
from ingest.parallel import in_order


class Writing:
    """Writes one batch's calls; nothing counts before `enter`."""

    def __init__(self, batch: str, home: Home, engine: Engine) -> None:
        self.batch, self.home, self.engine = batch, home, engine
        self.accepted = 0  # calls that are new in the lake
        self.duplicates = 0
        self.label_conflicts = 0  # readings of a call whose label is not that of the one which stays
        self._runs: list[KeyRunRow] = []
        self._labels = LabelConflicts()
        self._changes: Replacing | None = None

    def write(self, staging: Staging, segment_rows: int) -> None:
        """Write a day after the other, days with many more than `segment_rows` calls in several segments."""
        contested = Contested(staging.folder / "contested.arrow")
        fresh = self._fresh(staging, segment_rows, contested)
        segments = list(in_order(lambda calls: write_segment(calls, self.batch, self.home), fresh))
        self._changes = Replacing(self.home, self.engine, staging.folder, segments, self._runs)
        contested.close()
        for operator, day in contested.days():
            self._changes.settle(operator, day, partial(contested.parts, operator, day, segment_rows))
        paths = [self.home.lake / segment.path for segment in self.changes.segments]
        self.label_conflicts = self._changes.label_conflicts + self._labels.count(paths)

    @property
    def changes(self) -> Replacing:
        """What the batch changes of the lake, once it is written."""
        assert self._changes is not None, "not written yet"
        return self._changes

    def _fresh(self, staging: Staging, segment_rows: int, contested: Contested) -> Iterator[pa.Table]:
        once = OncePerFile(staging.record_keys)
        for calls in staging.days(segment_rows):
            distinct = without_repeats(calls)
            first = once.keep(distinct)
            self._labels.look(calls, distinct, first)
            fresh = self._sifted(first, contested) if len(first) else first
            self.accepted += len(fresh)
            self.duplicates += len(calls) - len(fresh)
            if len(fresh):
                yield fresh

    def _sifted(self, calls: pa.Table, contested: Contested) -> pa.Table:
        """Give the calls that are new and keep those that the lake holds in another reading."""
        operator, day = calls["operator"][0].as_py(), day_of(calls["started"][0].as_py())
        found = without_known(calls, day, self.home, self.engine, self._runs)
        contested.add(found.contested, operator, day)
        if len(found.fresh):
            self._runs = with_run(self._runs, found.keys, operator, day, self.home)
        return found.fresh
