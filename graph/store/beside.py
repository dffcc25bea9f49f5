"""The neighbours of one number in the embedded store: all of a kind, those that are wanted, the first of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from graph.snapshot import Adjacency, IntArray
from graph.store.adjacent import adjacency, around
from graph.store.port import Kind, KindCount, Order, Wanted
from graph.store.shown import Shown

BoolArray = npt.NDArray[np.bool_]
Values = npt.NDArray[Any]  # whole numbers, real ones or words: what a column holds
KINDS: tuple[Kind, ...] = ("out", "in", "link")


@dataclass(frozen=True)
class Ends:
    """Neighbours of one kind: the other node of each, and the row of the edge or link."""

    kind: Kind
    nodes: IntArray
    rows: IntArray

    def at(self, chosen: IntArray | BoolArray) -> Ends:
        """Give some of them."""
        return Ends(self.kind, self.nodes[chosen], self.rows[chosen])


class Beside:
    """Who is beside a node of one run; safe to share between threads."""

    def __init__(self, shown: Shown) -> None:
        self._shown = shown

    @cached_property
    def links(self) -> Adjacency:
        """The links of a node in both directions; the edges are rows of the table of links."""
        a, b = (self._shown.links[name].to_numpy().astype(np.int64) for name in ("a", "b"))
        rows = np.arange(len(a))
        ends, others = np.concatenate([a, b]), np.concatenate([b, a])
        return adjacency(ends, others, np.concatenate([rows, rows]), len(self._shown.scores))

    def ends(self, node: int, kind: Kind, without: IntArray) -> Ends:
        """Give all neighbours of one kind but those left out."""
        snapshot = self._shown.snapshot
        side = {"out": lambda: snapshot.out, "in": lambda: snapshot.into, "link": lambda: self.links}[kind]()
        nodes, rows = around(side, np.array([node]))
        return Ends(kind, nodes, rows).at(~np.isin(nodes, without))

    def wanted(self, ends: Ends, wanted: Wanted) -> Ends:
        """Give those that are wanted."""
        tests = [*self._edge_tests(ends, wanted), *self._node_tests(ends.nodes, wanted)]
        return ends.at(np.logical_and.reduce(tests)) if tests else ends

    def first(self, ends: Ends, order: Order, limit: int) -> Ends:
        """Give the first `limit` in this order."""
        ties = [ends.nodes] if ends.kind != "link" else [*self._link_ties(ends.rows), ends.nodes]
        return ends.at(np.lexsort((*ties, -self._values(ends, order)))[:limit])

    def counts(self, node: int, wanted: Wanted, without: IntArray) -> list[KindCount]:
        """Count neighbours and wanted ones of each kind, links by reason."""
        found = []
        for kind in KINDS:
            ends = self.ends(node, kind, without)
            passing = self.wanted(ends, wanted)
            if kind != "link":
                found.append(KindCount(kind, None, len(ends.rows), len(passing.rows)))
                continue
            total, chosen = (self._of_links("reason", side.rows).tolist() for side in (ends, passing))
            found += [
                KindCount(kind, reason, total.count(reason), chosen.count(reason)) for reason in sorted(set(total))
            ]
        return found

    def has_reason(self, links: IntArray, reasons: Sequence[str]) -> BoolArray:
        """Say which links have one of these reasons."""
        return _is_in(self._shown.links["reason"], links, reasons)

    def _edge_tests(self, ends: Ends, wanted: Wanted) -> list[BoolArray]:
        if ends.kind == "link":
            return [] if wanted.reasons is None else [self.has_reason(ends.rows, wanted.reasons)]
        tests = [self._of_calls("calls", ends.rows) >= wanted.min_calls] if wanted.min_calls else []
        return [*tests, self._of_calls("answered", ends.rows) > 0] if wanted.answered else tests

    def _node_tests(self, nodes: IntArray, wanted: Wanted) -> list[BoolArray]:
        numbers = self._shown.numbers
        listed = {"verdict": wanted.verdicts, "line_type": wanted.line_types, "country": wanted.countries}
        tests = [_is_in(numbers[name], nodes, given) for name, given in listed.items() if given is not None]
        return [*tests, numbers["risk"].to_numpy()[nodes] >= wanted.min_risk] if wanted.min_risk else tests

    def _values(self, ends: Ends, order: Order) -> Values:
        if order == "risk" or (order == "last_seen" and ends.kind == "link"):
            values: Values = self._shown.numbers[order].to_numpy()[ends.nodes]
            return values
        if ends.kind == "link":
            return self._of_links("weight", ends.rows)
        return self._of_calls("calls" if order == "weight" else "last_seen", ends.rows)

    def _link_ties(self, links: IntArray) -> list[Values]:
        _, reasons = np.unique(self._of_links("reason", links).astype(str), return_inverse=True)
        return [self._of_links("shared", links), reasons]

    def _of_calls(self, name: str, edges: IntArray) -> IntArray:
        values: IntArray = self._shown.snapshot.edges[name].to_numpy()[edges]
        return values

    def _of_links(self, name: str, links: IntArray) -> Values:
        values: Values = self._shown.links[name].take(pa.array(links)).to_numpy()
        return values


def _is_in(column: pa.ChunkedArray, rows: IntArray, values: Sequence[str]) -> BoolArray:
    found = pc.is_in(column.take(pa.array(rows)), value_set=pa.array(list(values), pa.string()))
    return np.asarray(found, dtype=np.bool_)
