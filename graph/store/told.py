"""What rows of a run's tables are in the words of the store port."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graph.snapshot import IntArray
from graph.store.port import CallEdge, Key, Kind, LinkEdge, NumberNode
from graph.store.rows import OF_A_CALL
from graph.store.shown import Shown

OF_A_LINK = ["reason", "weight", "shared"]


class Told:
    """Tells nodes, calls and links of one run by their rows."""

    def __init__(self, shown: Shown) -> None:
        self._shown = shown

    def numbers(self, nodes: IntArray) -> list[NumberNode]:
        """Give nodes."""
        rows = self._shown.numbers.take(pa.array(nodes))
        return [NumberNode(Key(row[0], row[1]), *row[2:]) for row in _rows(rows)]

    def call_edges(self, edges: IntArray) -> list[CallEdge]:
        """Give rows of the edge table."""
        rows = self._shown.snapshot.edges.take(pa.array(edges))
        callers, callees = self._keys(nodes_in(rows, "caller")), self._keys(nodes_in(rows, "callee"))
        return [CallEdge(*row) for row in zip(callers, callees, *_values(rows.select(OF_A_CALL)), strict=True)]

    def heaviest_links(self, links: pa.Table, limit: int) -> list[LinkEdge]:
        """Give the `limit` heaviest of some links."""
        order = [("weight", "descending"), *((name, "ascending") for name in ("a", "b", "reason", "shared"))]
        return self._links(links.take(pc.sort_indices(links, sort_keys=order)[:limit]))

    def edges(self, kind: Kind, rows: IntArray) -> Sequence[CallEdge | LinkEdge]:
        """Give rows of the edge table, or of the table of links."""
        if kind == "link":
            return self._links(self._shown.links.take(pa.array(rows)))
        return self.call_edges(rows)

    def _links(self, rows: pa.Table) -> list[LinkEdge]:
        a, b = self._keys(nodes_in(rows, "a")), self._keys(nodes_in(rows, "b"))
        return [LinkEdge(*row) for row in zip(a, b, *_values(rows.select(OF_A_LINK)), strict=True)]

    def _keys(self, nodes: IntArray) -> list[Key]:
        distinct, places = np.unique(nodes, return_inverse=True)
        rows = self._shown.snapshot.numbers.select(["operator", "number"]).take(pa.array(distinct))
        keys = [Key(*row) for row in _rows(rows)]
        return [keys[place] for place in places.tolist()]


def nodes_in(table: pa.Table, name: str) -> IntArray:
    """Give a column of nodes."""
    nodes: IntArray = table[name].to_numpy().astype(np.int64)
    return nodes


def _values(table: pa.Table) -> list[list[Any]]:
    return [column.to_pylist() for column in table.columns]


def _rows(table: pa.Table) -> Iterator[tuple[Any, ...]]:
    return zip(*_values(table), strict=True)
