"""Which calls are in already: equal keys in a part of a file, and equal keys of one hour of event time in the lake.

Across files the hour is part of the rule, not only of the search: a switch that reuses record numbers months later
loses no call, and only the keys of the hours at hand are ever read. `record_keys` sees to a whole file.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from sqlalchemy import Engine

from ingest.home import Home
from ingest.lake.key_runs import KeyRunRow, Keys, hours_of, sorted_keys
from ingest.lake.key_search import look_up
from ingest.lake.quarantine import intact_runs, set_damaged_aside
from ingest.lake.total_order import COLUMNS, LABEL
from ingest.query import select
from ingest.values.arrow import Bools, Int64, key_halves

_TOTAL_ORDER = ", ".join(f"{name} NULLS LAST" for name in COLUMNS)
_FIRSTS = f"""
SELECT place, least_label FROM (
    SELECT place,
           row_number() OVER (PARTITION BY call_key ORDER BY hour, {_TOTAL_ORDER}, place) AS nth,
           min(label) OVER (PARTITION BY call_key, hour) AS least_label
    FROM calls
) WHERE nth = 1 ORDER BY place
"""  # noqa: S608  # our own column names


class Sifted(NamedTuple):
    """Calls of one operator and one UTC day beside what the lake holds of them."""

    fresh: pa.Table  # it holds none with their keys in the same hour
    keys: Keys  # of these, sorted
    contested: pa.Table  # it holds calls with their keys that say something else


def without_repeats(calls: pa.Table) -> pa.Table:
    """Keep one call of each key, whatever the order in which they came.

    Where calls of one key differ in other columns, those of the first hour count, and of them stays what `total_order`
    says.
    """
    repeated = _repeated(calls)
    if not repeated.any():
        return calls
    doubtful = calls.append_column("place", pa.array(np.arange(len(calls)))).filter(pa.array(repeated))
    doubtful = doubtful.append_column("hour", pa.array(hours_of(doubtful)))
    firsts = select(_FIRSTS, calls=_one_of_equal(doubtful))
    singles = calls.filter(pa.array(~repeated))
    return pa.concat_tables([singles, _with_labels(calls.take(firsts["place"]), firsts["least_label"])])


def without_known(calls: pa.Table, day: str, home: Home, engine: Engine, pending: Sequence[KeyRunRow]) -> Sifted:
    """Tell calls whose key the lake holds in the same hour from the others.

    `calls` are of one operator and one UTC day, each key once. `pending` are runs that no ledger names yet. Runs whose
    files are damaged are made anew from the calls, and where calls are contested damaged segments are set aside.
    """
    keys, order = sorted_keys(calls)
    if not len(calls):
        return Sifted(calls, keys, calls)
    operator = calls["operator"][0].as_py()
    of_day = [run for run in pending if (run.operator, run.day) == (operator, day)]
    found = look_up(keys, home.lake, [*intact_runs(home, engine, operator, day), *of_day])
    if not found.known.any():
        return Sifted(calls, keys, calls.slice(0, 0))
    if found.differs.any() and set_damaged_aside(home, engine, operator, day):
        return without_known(calls, day, home, engine, pending)
    fresh = calls.filter(_in_order_of_calls(~found.known, order))
    return Sifted(fresh, keys.where(~found.known), calls.filter(_in_order_of_calls(found.differs, order)))


def _in_order_of_calls(mask: Bools, order: Int64) -> pa.Array:
    """Give for each call what is said of sorted keys."""
    of_calls = np.empty(len(mask), dtype=bool)
    of_calls[order] = mask
    return pa.array(of_calls)


def _one_of_equal(calls: pa.Table) -> pa.Table:
    """Keep the first of calls that are equal but for their place: most repeats are, and to order calls takes memory."""
    names = [name for name in calls.column_names if name != "place"]
    return calls.group_by(names).aggregate([("place", "min")]).rename_columns([*names, "place"])


def _with_labels(calls: pa.Table, labels: pa.ChunkedArray) -> pa.Table:
    place = calls.schema.get_field_index(LABEL)
    return calls.set_column(place, calls.schema.field(place), labels)


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
