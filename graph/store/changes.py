"""What differs between the run that the graph database shows and the one that it shall show."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from graph.snapshot import IntArray
from graph.store.rows import OF_A_CALL, call_rows, key_texts
from graph.store.shown import Shown

Marks = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Changes:
    """Nodes and edge rows to write, and the keys of those that left (as rows with key; caller, callee)."""

    numbers: IntArray
    calls: IntArray
    gone_numbers: pa.Table
    gone_calls: pa.Table


def everything(shown: Shown) -> Changes:
    """Give all of a run as to be written; nothing is known to have left."""
    none = pa.table({"key": pa.array([], pa.string())}), pa.table({"caller": pa.array([], pa.string())})
    return Changes(np.arange(len(shown.snapshot.numbers)), np.arange(len(shown.snapshot.edges)), *none)


def since(previous: Shown, shown: Shown) -> Changes:
    """Give what must be written and removed to turn what `previous` shows into what `shown` does."""
    old_keys, new_keys = key_texts(previous), key_texts(shown)
    new_of_old = pc.fill_null(pc.index_in(old_keys, value_set=new_keys), -1).to_numpy().astype(np.int64)
    old_nodes = np.flatnonzero(new_of_old >= 0)
    old_edges, new_edges = _matching_edges(previous, shown, new_of_old)
    old_calls, new_calls = (run.snapshot.edges.select(OF_A_CALL) for run in (previous, shown))
    gone = np.setdiff1d(np.arange(len(old_calls)), old_edges, assume_unique=True)
    return Changes(
        numbers=_new_or_changed(previous.numbers, shown.numbers, old_nodes, new_of_old[old_nodes]),
        calls=_new_or_changed(old_calls, new_calls, old_edges, new_edges),
        gone_numbers=pa.table({"key": old_keys.filter(pa.array(new_of_old < 0))}),
        gone_calls=call_rows(previous, old_keys, gone).select(["caller", "callee"]),
    )


def _new_or_changed(old: pa.Table, new: pa.Table, old_rows: IntArray, new_rows: IntArray) -> IntArray:
    """Give the rows of `new` that have no match in `old`, or one that differs; matches are given row by row."""
    marks = np.ones(len(new), dtype=bool)
    marks[new_rows] = _differ(old.take(pa.array(old_rows)), new.take(pa.array(new_rows)))
    return np.flatnonzero(marks)


def _matching_edges(previous: Shown, shown: Shown, new_of_old: IntArray) -> tuple[IntArray, IntArray]:
    """Give the rows of the edges that both have, in both."""
    count = len(shown.snapshot.numbers)
    callers, callees = (new_of_old[previous.snapshot.edges[end].to_numpy()] for end in ("caller", "callee"))
    old = np.where((callers >= 0) & (callees >= 0), callers * count + callees, -1)
    new = shown.snapshot.edges["caller"].to_numpy().astype(np.int64) * count + shown.snapshot.edges["callee"].to_numpy()
    _, old_rows, new_rows = np.intersect1d(old, new, return_indices=True)
    return old_rows.astype(np.int64), new_rows.astype(np.int64)


def _differ(old: pa.Table, new: pa.Table) -> Marks:
    """Tell row by row whether any column differs; null equals null."""
    differ = np.zeros(len(new), dtype=bool)
    for a, b in zip(old.columns, new.columns, strict=True):
        equal = pc.fill_null(pc.equal(a, b), False).to_numpy()
        both_null = pc.and_(pc.is_null(a), pc.is_null(b)).to_numpy()
        differ |= ~(equal | both_null)
    return differ
