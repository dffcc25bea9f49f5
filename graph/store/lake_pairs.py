"""The pairs of a span of the lake, found from either end."""

from __future__ import annotations

import numpy as np

from graph.snapshot import IntArray, node_key
from graph.store.pairs import FIRST, LAST, Bools, Names, Pairs, merged
from graph.store.port import TooWideError
from ingest.lake.pair_parts import Part, Parts

MOST_WALKED = 2_000_000  # calls looked at for one answer, over all its steps: bounds its time and memory
_FEW = 256  # times fewer ends than numbers of a day: to sort them is faster than to mark them among all


class LakePairs:
    """The pairs of a span of the lake, without erased numbers; for one walk, over MOST_WALKED calls at most."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._walked = 0
        self._hidden: Names = np.array([n.encode() for n in parts.hidden if n.isascii()], dtype=np.bytes_)

    def around(self, names: Names) -> Pairs:
        """Give all pairs that begin or end at some names, each once; raises TooWideError beyond MOST_WALKED."""
        numbers = [part.index.find(_numbers_of(part.operator, names)) for part in self._parts.parts]
        here = [(part, found) for part, found in zip(self._parts.parts, numbers, strict=True) if len(found)]
        self._walked += sum(part.index.count(found) for part, found in here)
        _check_width(self._walked)
        return merged([self._of_part(part, found) for part, found in here])

    def _of_part(self, part: Part, numbers: IntArray) -> Pairs:
        caller, callee, rows = part.index.around(numbers)
        sums = part.index.sums(rows)
        counts = self._counts(part, caller, callee, sums)
        if counts is not None:
            caller, callee, sums = caller[counts], callee[counts], sums[:, counts]
        return _named(part, caller, callee, sums)

    def _counts(self, part: Part, caller: IntArray, callee: IntArray, sums: IntArray) -> Bools | None:
        """Say which rows count; None where all do."""
        start, end = self._parts.span
        counts = None
        if part.first < start or part.last >= end:
            counts = (sums[FIRST] >= start) & (sums[LAST] < end)
        if len(self._hidden):
            hidden = part.index.find(self._hidden)
            shown = ~(np.isin(caller, hidden) | np.isin(callee, hidden))
            counts = shown if counts is None else counts & shown
        return counts


def _check_width(calls: int) -> None:
    if calls > MOST_WALKED:
        raise TooWideError(
            f"The question leads over {calls:,} calls or more, at most {MOST_WALKED:,} in all; ask for fewer hops "
            "or nodes, or for a shorter span."
        )


def _named(part: Part, caller: IntArray, callee: IntArray, sums: IntArray) -> Pairs:
    rows, places = rows_and_places(np.concatenate((caller, callee)), len(part.index.numbers))
    names = np.strings.add(node_key(part.operator, ""), part.index.numbers[rows])
    return Pairs(names, places[: len(caller)], places[len(caller) :], sums)


def rows_and_places(ends: IntArray, count: int) -> tuple[IntArray, IntArray]:
    """Give the different values of `ends`, all below `count`, ascending, and the place of each end among them."""
    if len(ends) * _FEW < count:
        rows, places = np.unique(ends, return_inverse=True)
        return rows, places
    is_there = np.zeros(count, dtype=bool)
    is_there[ends] = True
    rows = np.flatnonzero(is_there)
    place = np.empty(count, dtype=np.int64)
    place[rows] = np.arange(len(rows))
    return rows, place[ends]


def _numbers_of(operator: str, names: Names) -> Names:
    """Give the numbers of the names that are an operator's, in the order of the names."""
    prefix = node_key(operator, "")
    first, after = np.searchsorted(names, [prefix, prefix[:-1] + bytes([prefix[-1] + 1])])
    width = names.dtype.itemsize
    if first == after or width <= len(prefix):
        return names[:0]
    letters = np.ascontiguousarray(names[first:after]).view(np.uint8).reshape(-1, width)[:, len(prefix) :]
    return np.ascontiguousarray(letters).view(f"S{width - len(prefix)}").reshape(-1)
