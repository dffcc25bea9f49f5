"""Which calls are in already: equal keys in a part of a file, and equal keys of one hour of event time in the lake.

Across files the hour is part of the rule, not only of the search: a switch that reuses record numbers months later
loses no call, and only the keys of the hours at hand are ever read. `record_keys` sees to a whole file.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from sqlalchemy import Engine

from ingest.cdr import CALL_SCHEMA
from ingest.home import Home
from ingest.lake.key_runs import KeyRunRow, Keys, hours_of, sorted_keys
from ingest.lake.key_search import known
from ingest.lake.quarantine import intact_runs
from ingest.query import select
from ingest.values.arrow import Bools, key_halves

_TOTAL_ORDER = ", ".join(f"{name} NULLS LAST" for name in ("label", *(n for n in CALL_SCHEMA.names if n != "label")))
_FIRSTS = f"""
SELECT place FROM (
    SELECT place, row_number() OVER (PARTITION BY call_key ORDER BY hour, {_TOTAL_ORDER}, place) AS nth FROM calls
) WHERE nth = 1
"""  # noqa: S608  # our own column names


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


def without_known(
    calls: pa.Table, day: str, home: Home, engine: Engine, pending: Sequence[KeyRunRow]
) -> tuple[pa.Table, Keys]:
    """Leave out calls whose key the lake holds in the same hour, and give the others with their sorted keys.

    `calls` are of one operator and one UTC day, each key once. `pending` are runs that no ledger names yet. Runs whose
    files are damaged are made anew from the calls.
    """
    keys, order = sorted_keys(calls)
    if not len(calls):
        return calls, keys
    operator = calls["operator"][0].as_py()
    of_day = [run for run in pending if (run.operator, run.day) == (operator, day)]
    fresh = ~known(keys, home.lake, [*intact_runs(home, engine, operator, day), *of_day])
    if fresh.all():
        return calls, keys
    kept = np.empty(len(calls), dtype=bool)
    kept[order] = fresh
    return calls.filter(pa.array(kept)), keys.where(fresh)


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
