"""Labels of one file's repeated calls: the least stays, each that says something else is counted as a conflict."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from ingest.values.arrow import whole

LABEL_CONFLICTS = "label_conflicts"  # a warning: readings of a call whose label is not that of the one which stays
_COLUMNS = ["call_key", "label"]


class LabelConflicts:
    """Counts the conflicts within one file; a repeat without a label has none.

    Segments are looked at only where calls that bear a label were dropped for one of an earlier hour.
    """

    def __init__(self) -> None:
        self._found = 0
        self._open: list[pa.Table] = []  # of dropped calls, whose counterparts are written elsewhere

    def look(self, calls: pa.Table, distinct: pa.Table, first: pa.Table) -> None:
        """Look at calls of a day as they came, at one of each key, and at those that no earlier hour has."""
        labelled = _labelled(calls)
        if not len(labelled):
            return
        self._without(labelled, distinct)
        dropped = _labelled(distinct) if len(first) < len(distinct) else labelled.slice(0, 0)
        dropped = dropped.filter(pc.invert(pc.is_in(dropped["call_key"], whole(first["call_key"]))))
        self._open += [dropped] if len(dropped) else []

    def count(self, written: Iterable[Path]) -> int:
        """Give how many there are, once all of the file's segments are written."""
        left = pa.concat_tables(self._open) if self._open else None
        for path in written if left else ():
            left = self._without(left, pq.ParquetFile(path).read(columns=_COLUMNS))
        return self._found

    def _without(self, labelled: pa.Table, known: pa.Table) -> pa.Table:
        """Count the conflicts with some calls that are known, and give what is none of them."""
        place = pc.index_in(whole(labelled["call_key"]), value_set=whole(known["call_key"]))
        same = pc.equal(labelled["label"], whole(known["label"]).take(place))
        differs = pc.and_(pc.is_valid(place), pc.invert(pc.fill_null(same, False)))
        self._found += pc.sum(differs).as_py() or 0
        return labelled.filter(pc.is_null(place))


def _labelled(calls: pa.Table) -> pa.Table:
    return calls.select(_COLUMNS).filter(pc.is_valid(calls["label"]))
