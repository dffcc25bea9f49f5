"""Labels of duplicates: the label that came first stays; one that says something else is counted as a conflict."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from sqlalchemy import Engine

from ingest.lake.lake import day_of
from ingest.ledger.ledger import SegmentRow, find_segments
from ingest.values.arrow import whole

LABEL_CONFLICTS = "label_conflicts"  # a warning: duplicates whose label is not that of the call which stays
_COLUMNS = ["call_key", "label"]


class LabelConflicts:
    """Counts one file's conflicts; a duplicate without a label has none.

    The lake is looked at only for duplicates that bear a label, one segment of their day at a time.
    """

    def __init__(self, lake: Path, engine: Engine) -> None:
        self._lake, self._engine = lake, engine
        self._found = 0
        self._open: list[pa.Table] = []  # duplicates of calls that this file has written elsewhere

    def look(self, calls: pa.Table, fresh: pa.Table) -> None:
        """Look at the calls of a day as they came and at those of them that are new."""
        labelled = calls.select(_COLUMNS).filter(pc.is_valid(calls["label"]))
        if not len(labelled):
            return
        others = self._without(labelled, fresh)
        operator, day = calls["operator"][0].as_py(), day_of(calls["started"][0].as_py())
        known = find_segments(self._engine, [operator], day, day) if len(others) else []
        others = self._look_through(others, known)
        if len(others):
            self._open.append(others)

    def count(self, written: Iterable[SegmentRow]) -> int:
        """Give how many there are, once all of the file's segments are written."""
        if self._open:
            self._look_through(pa.concat_tables(self._open), written)
            self._open = []
        return self._found

    def _look_through(self, labelled: pa.Table, segments: Iterable[SegmentRow]) -> pa.Table:
        for segment in segments:
            if not len(labelled):
                break
            labelled = self._without(labelled, self._labels_of(segment))
        return labelled

    def _labels_of(self, segment: SegmentRow) -> pa.Table:
        try:
            return pq.ParquetFile(self._lake / segment.path).read(columns=_COLUMNS)
        except (pa.ArrowException, OSError):  # damaged: `doctor` says so, and its labels are lost
            return pa.table({"call_key": pa.array([], pa.binary(16)), "label": pa.array([], pa.int8())})

    def _without(self, labelled: pa.Table, known: pa.Table) -> pa.Table:
        """Count the conflicts with some calls that are known, and give what is none of them."""
        place = pc.index_in(whole(labelled["call_key"]), value_set=whole(known["call_key"]))
        same = pc.equal(labelled["label"], whole(known["label"]).take(place))
        differs = pc.and_(pc.is_valid(place), pc.invert(pc.fill_null(same, False)))
        self._found += pc.sum(differs).as_py() or 0
        return labelled.filter(pc.is_null(place))
