"""Shortest paths on compressed rows: breadth-first from both ends, whole levels at a time, the cheaper end first.

A level costs one look at each edge of its nodes, so hubs cost what they have edges, once; nothing is enumerated path by
path. (Pohl, Bi-directional search, Machine Intelligence 6, 1971.)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from graph.snapshot import Adjacency, IntArray
from graph.store.adjacent import around, sums_by_node, width

_BARRED = 255  # mark of a node that no path may lead through; 0: not seen


@dataclass(frozen=True)
class Step:
    """Edges from one level to the next: where each begins and ends, and its row."""

    begin: IntArray
    end: IntArray
    edges: IntArray

    def back(self) -> Step:
        """Give the same edges, walked the other way."""
        return Step(self.end, self.begin, self.edges)

    def leading_to(self, nodes: IntArray) -> Step:
        """Give those that end at one of the nodes."""
        there = np.isin(self.end, nodes)
        return Step(self.begin[there], self.end[there], self.edges[there])

    def best(self, node: int, calls: IntArray) -> int:
        """Give the end with most calls from `node`, of equals the first."""
        here = self.begin == node
        ends, sums = sums_by_node(self.end[here], calls[self.edges[here]])
        return int(ends[np.argmax(sums)])


class Half:
    """The search from one end: what it has seen, its last level, and the steps between its levels."""

    def __init__(self, start: int, sides: Sequence[Adjacency], barred: IntArray) -> None:
        self._sides = sides
        self._seen: npt.NDArray[np.uint8] = np.zeros(len(sides[0].indptr) - 1, dtype=np.uint8)
        self._seen[barred] = _BARRED
        self._seen[start] = 1
        self.level: IntArray = np.array([start], dtype=np.int64)
        self.steps: list[Step] = []

    @property
    def width(self) -> int:
        """How many edges the next level costs."""
        return sum(width(side, self.level) for side in self._sides)

    def advance(self) -> None:
        """Go on to the next level."""
        walked = [self._new(side) for side in self._sides]
        step = Step(*(np.concatenate(columns) for columns in zip(*walked, strict=True)))
        self._seen[step.end] = 1
        self.steps.append(step)
        self.level = np.unique(step.end)

    def meeting(self, other: Half) -> IntArray:
        """Give the nodes of the last level that the other end has seen."""
        met: IntArray = self.level[other._seen[self.level] == 1]
        return met

    def _new(self, side: Adjacency) -> tuple[IntArray, IntArray, IntArray]:
        ends, edges = around(side, self.level)
        begins = np.repeat(self.level, side.indptr[self.level + 1] - side.indptr[self.level])
        new = self._seen[ends] == 0
        return begins[new], ends[new], edges[new]


def shortest(a: Half, b: Half, max_hops: int, calls: IntArray) -> list[int] | None:
    """Give the nodes of a shortest path between the starts of both halves, or None where none has so few hops.

    Of several that which has, step by step from `a`, most calls on the step; ties by node.
    """
    meeting = a.meeting(b)
    while not len(meeting):
        if len(a.steps) + len(b.steps) == max_hops or not len(a.level) or not len(b.level):
            return None
        cheaper, other = (a, b) if a.width <= b.width else (b, a)
        cheaper.advance()
        meeting = cheaper.meeting(other)
    return _walked(a, b, meeting, calls)


def _walked(a: Half, b: Half, meeting: IntArray, calls: IntArray) -> list[int]:
    """Walk from the first level of `a` over nodes from which `meeting` is reached, and on to the first of `b`."""
    there: list[Step] = []
    goal = meeting
    for step in reversed(a.steps):
        there.append(step.leading_to(goal))
        goal = there[-1].begin
    path = [int(goal[0])]
    for step in [*reversed(there), *(step.back() for step in reversed(b.steps))]:
        path.append(step.best(path[-1], calls))
    return path
