"""Ordered pairs of numbers with their sums, from several places put together: what a neighbourhood is walked on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from graph.snapshot import IntArray

Names = npt.NDArray[np.bytes_]
Bools = npt.NDArray[np.bool_]
CALLS, FIRST, LAST = 0, 4, 5  # rows of `sums`, which has the columns of CallEdge in their order
SUMS = 6


@dataclass(frozen=True)
class Pairs:
    """Rows of (caller, callee, sums); a number's calls to itself are a row, too.

    `names` are node keys (`graph.snapshot.node_key`), ascending and each once; callers and callees are places there.
    """

    names: Names
    caller: IntArray  # [m]
    callee: IntArray  # [m]
    sums: IntArray  # [SUMS, m]

    def __len__(self) -> int:
        return len(self.caller)

    def where(self, rows: Bools | IntArray) -> Pairs:
        """Give some rows; the names stay."""
        return Pairs(self.names, self.caller[rows], self.callee[rows], self.sums[:, rows])

    def marked(self, names: Names) -> Bools:
        """Say which of this table's names are among some others."""
        marks = np.zeros(len(self.names), dtype=bool)
        places = self.places(names)
        marks[places[places >= 0]] = True
        return marks

    def places(self, names: Names) -> IntArray:
        """Give where some names stand in this table, -1 for those that do not."""
        if not len(self.names):
            return np.full(len(names), -1)
        at = np.minimum(np.searchsorted(self.names, names), len(self.names) - 1)
        return np.where(self.names[at] == names, at, -1)

    def touching(self, names: Names) -> Bools:
        """Say which rows begin or end at some names."""
        marks = self.marked(names)
        touching: Bools = marks[self.caller] | marks[self.callee]
        return touching


NO_NAMES: Names = np.empty(0, dtype="S1")
NO_PAIRS = Pairs(NO_NAMES, np.empty(0, np.int64), np.empty(0, np.int64), np.empty((SUMS, 0), np.int64))


def merged(tables: Sequence[Pairs]) -> Pairs:
    """Put tables together: one row a pair, sorted by (caller, callee), without names that no row has."""
    rows = [table for table in tables if len(table)]
    if not rows:
        return NO_PAIRS
    names, places = distinct(np.concatenate([table.names for table in rows]))
    offsets = np.cumsum([0, *(len(table.names) for table in rows[:-1])])
    caller = np.concatenate([places[table.caller + offset] for table, offset in zip(rows, offsets, strict=True)])
    callee = np.concatenate([places[table.callee + offset] for table, offset in zip(rows, offsets, strict=True)])
    return _summed(_compact(Pairs(names, caller, callee, np.concatenate([table.sums for table in rows], axis=1))))


def distinct(names: Names) -> tuple[Names, IntArray]:
    """Give the different names, ascending, and the place of each name among them: runs in order are merged."""
    order = np.argsort(names, kind="stable")
    ranked = names[order]
    is_first = np.concatenate((np.ones(min(len(names), 1), dtype=bool), ranked[1:] != ranked[:-1]))
    places = np.empty(len(names), dtype=np.int64)
    places[order] = np.cumsum(is_first) - 1
    return ranked[is_first], places


def _compact(pairs: Pairs) -> Pairs:
    """Let go of names that no row has."""
    used = np.zeros(len(pairs.names), dtype=bool)
    used[pairs.caller] = used[pairs.callee] = True
    if used.all():
        return pairs
    places = np.cumsum(used) - 1
    return Pairs(pairs.names[used], places[pairs.caller], places[pairs.callee], pairs.sums)


def _summed(pairs: Pairs) -> Pairs:
    """Make one row of all rows of a pair."""
    key = pairs.caller * len(pairs.names) + pairs.callee
    order = np.argsort(key, kind="stable")  # merges the tables' rows, which are in order
    starts = np.flatnonzero(np.concatenate(([True], np.diff(key[order]) > 0)))
    sums = pairs.sums[:, order]
    folded = np.add.reduceat(sums, starts, axis=1)
    folded[FIRST] = np.minimum.reduceat(sums[FIRST], starts)
    folded[LAST] = np.maximum.reduceat(sums[LAST], starts)
    heads = order[starts]
    return Pairs(pairs.names, pairs.caller[heads], pairs.callee[heads], folded)
