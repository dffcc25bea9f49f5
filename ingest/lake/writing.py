"""Calls of one staged file become segments and runs of keys: what the lake has already is left out first."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa
from sqlalchemy import Engine

from ingest.home import Home
from ingest.lake.duplicates import without_known, without_repeats
from ingest.lake.key_merging import with_run
from ingest.lake.key_runs import KeyRunRow
from ingest.lake.labels import LabelConflicts
from ingest.lake.lake import day_of
from ingest.lake.record_keys import OncePerFile
from ingest.lake.segments import write_segment
from ingest.lake.staging import Staging
from ingest.ledger.ledger import SegmentRow
from ingest.parallel import in_order


class Writing:
    """Writes one batch's calls; nothing counts before the ledger names `segments` and `runs`."""

    def __init__(self, batch: str, home: Home, engine: Engine) -> None:
        self.batch, self.home, self.engine = batch, home, engine
        self.segments: list[SegmentRow] = []
        self.runs: list[KeyRunRow] = []
        self.duplicates = 0
        self._labels = LabelConflicts(home.lake, engine)

    @property
    def accepted(self) -> int:
        """Calls that are new in the lake."""
        return sum(segment.rows for segment in self.segments)

    @property
    def label_conflicts(self) -> int:
        """Duplicates whose label is not that of the call which stays, once all is written."""
        return self._labels.count(self.segments)

    def write(self, staging: Staging, segment_rows: int) -> None:
        """Write a day after the other, days with many more than `segment_rows` calls in several segments."""
        fresh = self._fresh(staging, segment_rows)
        self.segments = list(in_order(lambda calls: write_segment(calls, self.batch, self.home), fresh))

    def _fresh(self, staging: Staging, segment_rows: int) -> Iterator[pa.Table]:
        once = OncePerFile(staging.record_keys)
        for calls in staging.days(segment_rows):
            fresh = self._without_duplicates(once.keep(without_repeats(calls)))
            self.duplicates += len(calls) - len(fresh)
            self._labels.look(calls, fresh)
            if len(fresh):
                yield fresh

    def _without_duplicates(self, calls: pa.Table) -> pa.Table:
        if not len(calls):
            return calls
        operator, day = calls["operator"][0].as_py(), day_of(calls["started"][0].as_py())
        fresh, keys = without_known(calls, day, self.home, self.engine, self.runs)
        if len(fresh):
            self.runs = with_run(self.runs, keys, operator, day, self.home)
        return fresh
