"""What differs between the run that the graph database shows and the one that it shall show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from graph.snapshot import IntArray
from graph.store.rows import OF_A_CALL, key_texts
from graph.store.shown import OF_A_NUMBER, OF_A_TRAFFIC, Shown

Marks = npt.NDArray[np.bool_]

# Ranks move a little for everybody every day. A number is written for its risk alone only when that has left its step
# of this width, so what is shown is never off by as much, however many runs have passed.
RISK_STEP = 2.0
EXACT = (*OF_A_NUMBER, *OF_A_TRAFFIC, "verdict", "role", "fraud_type", "campaign")


@dataclass(frozen=True)
class Changes:
    """Nodes and edge rows to write, and those of the run `before` that left."""

    before: Shown
    numbers: IntArray
    calls: IntArray
    gone_numbers: IntArray
    gone_calls: IntArray


def everything(shown: Shown) -> Changes:
    """Give all of a run as to be written; nothing is known to have left."""
    none = np.empty(0, np.int64)
    return Changes(shown, np.arange(len(shown.snapshot.numbers)), np.arange(len(shown.snapshot.edges)), none, none)


def since(previous: Shown, shown: Shown) -> Changes:
    """Give what must be written and removed to turn what `previous` shows into what `shown` does."""
    new_of_old = _new_nodes(previous, shown)
    old_edges, new_edges = _matching_edges(previous, shown, new_of_old)
    stayed = np.flatnonzero(new_of_old >= 0)
    return Changes(
        before=previous,
        numbers=_changed_numbers(previous.numbers, shown.numbers, stayed, new_of_old[stayed]),
        calls=_new_or_changed(previous.snapshot.edges, shown.snapshot.edges, OF_A_CALL, old_edges, new_edges),
        gone_numbers=np.flatnonzero(new_of_old < 0),
        gone_calls=np.setdiff1d(np.arange(len(previous.snapshot.edges)), old_edges, assume_unique=True),
    )


def risk_steps(risks: npt.NDArray[np.float64]) -> IntArray:
    """Give the step in which each risk lies; what the graph database shows of a risk is right up to its step."""
    steps: IntArray = np.floor(risks / RISK_STEP).astype(np.int64)
    return steps


def _new_nodes(previous: Shown, shown: Shown) -> IntArray:
    """Give for each node of `previous` the node of the same key in `shown`, -1 where it left; ascending where not."""
    found = pc.index_in(key_texts(previous), value_set=key_texts(shown))
    nodes: IntArray = pc.fill_null(found, -1).to_numpy().astype(np.int64)
    return nodes


def _matching_edges(previous: Shown, shown: Shown, new_of_old: IntArray) -> tuple[IntArray, IntArray]:
    """Give the rows of the edges that both have, in both; edges lie in the order of their nodes, in both."""
    count = len(shown.snapshot.numbers)
    callers, callees = (new_of_old[previous.snapshot.edges[end].to_numpy()] for end in ("caller", "callee"))
    there = np.flatnonzero((callers >= 0) & (callees >= 0))
    old = callers[there] * count + callees[there]
    new = shown.snapshot.edges["caller"].to_numpy().astype(np.int64) * count + shown.snapshot.edges["callee"].to_numpy()
    at = np.searchsorted(new, old)
    both = at < len(new)
    both[both] = new[at[both]] == old[both]
    return there[both], at[both]


def _changed_numbers(old: pa.Table, new: pa.Table, old_rows: IntArray, new_rows: IntArray) -> IntArray:
    exact = _new_or_changed(old, new, EXACT, old_rows, new_rows)
    before, after = (risk_steps(table["risk"].to_numpy()) for table in (old, new))
    moved = new_rows[before[old_rows] != after[new_rows]]
    return np.union1d(exact, moved)


def _new_or_changed(
    old: pa.Table, new: pa.Table, columns: Sequence[str], old_rows: IntArray, new_rows: IntArray
) -> IntArray:
    """Give the rows of `new` that have no match in `old`, or one that differs; matches are given row by row."""
    marks = np.ones(len(new), dtype=bool)
    marks[new_rows] = False
    for name in columns:  # one column at a time: tens of millions of rows are there twice
        differ = _differ(old[name].take(pa.array(old_rows)), new[name].take(pa.array(new_rows)))
        marks[new_rows[differ]] = True
    return np.flatnonzero(marks)


def _differ(old: pa.ChunkedArray, new: pa.ChunkedArray) -> Marks:
    """Tell row by row whether values differ; null equals null."""
    equal = pc.fill_null(pc.equal(old, new), False).to_numpy()
    both_null = pc.and_(pc.is_null(old), pc.is_null(new)).to_numpy()
    differ: Marks = ~(equal | both_null)
    return differ
