"""Which calls are in already: equal keys in a part of a file, and equal keys of one hour of event time in the lake.

Across files the hour is part of the rule, not only of the search: a switch that reuses record numbers months later
loses no call, and only the keys of the hours at hand are ever read. `record_keys` sees to a whole file.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Engine

from ingest import ledger
from ingest.arrow import Bools, Int64, key_halves, keys_of_bytes
from ingest.cdr import CALL_KEY_BYTES, CALL_SCHEMA
from ingest.query import select

HOUR_US = 3_600_000_000
_TOTAL_ORDER = ", ".join(f"{name} NULLS LAST" for name in ("label", *(n for n in CALL_SCHEMA.names if n != "label")))
_FIRSTS = f"""
SELECT place FROM (
    SELECT place, row_number() OVER (PARTITION BY call_key ORDER BY hour, {_TOTAL_ORDER}, place) AS nth FROM calls
) WHERE nth = 1
"""  # noqa: S608  # our own column names


def hours_of(calls: pa.Table) -> Int64:
    """Give the hour since 1970-01-01T00:00Z in which each call started."""
    started: Int64 = calls["started"].to_numpy()
    return started // HOUR_US


def by_hour_and_key(calls: pa.Table) -> Int64:
    """Give the order of calls by hour, then key: that of a key sidecar. `calls` are of one day."""
    high, _ = key_halves(calls["call_key"])  # half of a SHA-256 has no ties but between equal keys
    hours = hours_of(calls)
    by_key = np.argsort(high, kind="stable")
    hour_of_day: Int64 = (hours - hours.min()).astype(np.uint8)[by_key] if len(calls) else hours
    return by_key[np.argsort(hour_of_day, kind="stable")]


def without_repeats(calls: pa.Table) -> pa.Table:
    """Keep one call of each key, whatever the order in which they came.

    Where calls of one key differ in other columns, those of the first hour come first, and of them the first in the
    order of all columns stays, a labelled one before an unlabelled one.
    """
    repeated = _repeated(calls)
    if not repeated.any():
        return calls
    doubtful = calls.append_column("place", pa.array(np.arange(len(calls)))).filter(pa.array(repeated))
    doubtful = doubtful.append_column("hour", pa.array(hours_of(doubtful)))
    kept = ~repeated
    kept[select(_FIRSTS, calls=doubtful)["place"].to_numpy()] = True
    return calls.filter(pa.array(kept))


def without_known(calls: pa.Table, lake: Path, engine: Engine, pending: Sequence[ledger.SegmentRow]) -> pa.Table:
    """Leave out calls whose key the lake holds in the same hour; `calls` are of one operator and one day.

    `pending` are segments that are written and not in the ledger yet.
    """
    if not len(calls):
        return calls
    hours = hours_of(calls)
    known = np.zeros(len(calls), dtype=bool)
    for path, piece in _slices_of(calls["operator"][0].as_py(), np.unique(hours).tolist(), engine, pending):
        rows = np.flatnonzero(hours == piece.hour)
        keys = _read_keys(lake / path, piece)
        known[rows] |= pc.is_in(calls["call_key"].take(pa.array(rows)), keys).to_numpy()
    return calls.filter(pa.array(~known)) if known.any() else calls


def _repeated(calls: pa.Table) -> Bools:
    """Give for each call whether another has its key."""
    high, low = key_halves(calls["call_key"])
    if not (np.diff(np.sort(high)) == 0).any():
        return np.zeros(len(calls), dtype=bool)
    order = np.lexsort((low, high))
    same = (np.diff(high[order]) == 0) & (np.diff(low[order]) == 0)
    repeated = np.zeros(len(calls), dtype=bool)
    repeated[order] = np.append(same, False) | np.insert(same, 0, False)
    return repeated


def _slices_of(
    operator: str, hours: list[int], engine: Engine, pending: Sequence[ledger.SegmentRow]
) -> Iterator[tuple[str, ledger.HourSlice]]:
    yield from ledger.find_hours(engine, operator, hours)
    for segment in pending:
        yield from ((segment.keys_path, piece) for piece in segment.hours if piece.hour in hours)


def _read_keys(path: Path, piece: ledger.HourSlice) -> pa.Array:
    with path.open("rb") as file:
        file.seek(piece.offset * CALL_KEY_BYTES)
        return keys_of_bytes(file.read(piece.count * CALL_KEY_BYTES))
