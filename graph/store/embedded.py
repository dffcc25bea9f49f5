"""The embedded store: array code on the memory-mapped tables of one run; nothing to start, nothing to lock."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graph.snapshot import Adjacency, IntArray
from graph.store.port import (
    NOTHING,
    CallEdge,
    Direction,
    GraphAnswer,
    Key,
    LinkEdge,
    Neighbour,
    Neighbours,
    NumberNode,
    StoreMeta,
    check_question,
)
from graph.store.rows import OF_A_CALL
from graph.store.shown import Shown

OF_A_LINK = ["reason", "weight", "shared"]


class EmbeddedStore:
    """GraphStore on one run's tables; safe to share between threads, since nothing changes."""

    def __init__(self, shown: Shown) -> None:
        self._shown = shown
        self._snapshot = shown.snapshot

    def meta(self) -> StoreMeta:
        """Give the version shown."""
        return self._meta

    def lookup(self, keys: Sequence[Key]) -> list[NumberNode | None]:
        """Give the nodes of `keys` in order, None where the window has no call of one."""
        nodes = [self._node_of(key) for key in keys]
        found = iter(self._numbers(_ints([node for node in nodes if node is not None])))
        return [None if node is None else next(found) for node in nodes]

    def neighbours(self, key: Key, direction: Direction, limit: int) -> Neighbours:
        """Give the `limit` heaviest neighbours by calls, ties by key; empty for an unknown key."""
        check_question([limit])
        node = self._node_of(key)
        if node is None:
            return Neighbours((), 0)
        side = self._snapshot.out if direction == "out" else self._snapshot.into
        others, edges = _around(side, _ints([node]))
        best = np.lexsort((others, -self._calls[edges]))[:limit]
        rows = zip(self._numbers(others[best]), self._call_edges(edges[best]), strict=True)
        return Neighbours(tuple(Neighbour(number, edge) for number, edge in rows), len(edges))

    def neighbourhood(self, roots: Sequence[Key], depth: int, max_nodes: int, max_edges: int) -> GraphAnswer:
        """Give what is reached from `roots` over calls in either direction within `depth` hops."""
        check_question([max_nodes, max_edges], depth)
        known = np.unique(_ints([node for key in roots if (node := self._node_of(key)) is not None]))
        layers = [known[:max_nodes]]
        seen = known
        for _ in range(depth):
            kept = np.concatenate(layers)
            reached, weights = self._reached(layers[-1], kept)
            seen = np.union1d(seen, reached)
            layers.append(reached[np.lexsort((reached, -weights))[: max_nodes - len(kept)]])
        kept = np.concatenate(layers)
        return self._answer(layers, len(seen), self._edges_from(kept, kept), self._links_among(kept), max_edges)

    def campaign(self, campaign: str, max_nodes: int, max_edges: int) -> GraphAnswer:
        """Give members of a campaign (hop 0), their most shared victims (hop 1), calls and links among them."""
        check_question([max_nodes, max_edges])
        everyone = _of_campaign(self._shown.members, campaign).sort_by([("risk", "descending"), ("node", "ascending")])
        if not len(everyone):
            return NOTHING
        members = _nodes(everyone, "node")
        victims = self._victims(campaign, members)
        kept = np.sort(members[:max_nodes])
        layers = [kept, victims[: max_nodes - len(kept)]]
        edges = self._edges_touching(kept, np.concatenate(layers))
        links = _of_campaign(self._links_among(kept), campaign)
        return self._answer(layers, len(members) + len(victims), edges, links, max_edges)

    def close(self) -> None:
        """Do nothing: the maps go with the store."""

    @cached_property
    def _meta(self) -> StoreMeta:
        return self._shown.meta

    @cached_property
    def _calls(self) -> IntArray:
        calls: IntArray = self._snapshot.edges["calls"].to_numpy()
        return calls

    @cached_property
    def _links(self) -> Adjacency:
        a, b = _nodes(self._shown.links, "a"), _nodes(self._shown.links, "b")
        order = np.argsort(a, kind="stable")
        counts = np.bincount(a, minlength=len(self._shown.scores))
        return Adjacency(np.concatenate(([0], np.cumsum(counts))), b[order].astype(np.int32), order)

    def _node_of(self, key: Key) -> int | None:
        if not (key.operator + key.number).isascii():
            return None  # the snapshot's keys are ASCII
        return self._snapshot.node_of(key.operator, key.number)

    def _reached(self, frontier: IntArray, kept: IntArray) -> tuple[IntArray, IntArray]:
        """Give nodes next to the frontier that are not kept, ascending, and the calls that tie them to it."""
        sides = [_around(side, frontier) for side in (self._snapshot.out, self._snapshot.into)]
        others = np.concatenate([nodes for nodes, _ in sides])
        calls = np.concatenate([self._calls[edges] for _, edges in sides])
        new = ~np.isin(others, kept)
        order = np.argsort(others[new], kind="stable")
        nodes, starts = np.unique(others[new][order], return_index=True)
        weights = np.add.reduceat(calls[new][order], starts) if len(nodes) else nodes
        return nodes, weights

    def _edges_from(self, callers: IntArray, callees: IntArray) -> IntArray:
        """Give the rows of edges from `callers` to `callees`."""
        others, edges = _around(self._snapshot.out, callers)
        return edges[np.isin(others, callees)]

    def _edges_touching(self, members: IntArray, kept: IntArray) -> IntArray:
        """Give the rows of edges between a member and a kept node, in either direction."""
        others, edges = _around(self._snapshot.into, members)
        return np.union1d(self._edges_from(members, kept), edges[np.isin(others, kept)])

    def _victims(self, campaign: str, members: IntArray) -> IntArray:
        """Give the victims of a campaign, the most shared first, without its members."""
        order = [("callers", "descending"), ("calls", "descending"), ("node", "ascending")]
        victims = _nodes(_of_campaign(self._shown.victims, campaign).sort_by(order), "node")
        return victims[~np.isin(victims, members)]

    def _links_among(self, kept: IntArray) -> pa.Table:
        others, links = _around(self._links, kept)
        return self._shown.links.take(pa.array(links[np.isin(others, kept)]))

    def _answer(
        self, layers: Sequence[IntArray], total_nodes: int, edges: IntArray, links: pa.Table, max_edges: int
    ) -> GraphAnswer:
        hops = np.repeat(np.arange(len(layers)), [len(layer) for layer in layers])
        # Rows of the edge table are ordered by (caller, callee), so the row breaks ties.
        heaviest = edges[np.lexsort((edges, -self._calls[edges]))[:max_edges]]
        return GraphAnswer(
            nodes=tuple(self._numbers(np.concatenate(layers))),
            hops=tuple(hops.tolist()),
            edges=tuple(self._call_edges(heaviest)),
            links=tuple(self._link_edges(links, max_edges)),
            total_nodes=total_nodes,
            total_edges=len(edges),
            total_links=len(links),
        )

    def _numbers(self, nodes: IntArray) -> list[NumberNode]:
        rows = self._shown.numbers.take(pa.array(nodes))
        return [NumberNode(Key(row[0], row[1]), *row[2:]) for row in _rows(rows)]

    def _call_edges(self, edges: IntArray) -> list[CallEdge]:
        rows = self._snapshot.edges.take(pa.array(edges))
        callers, callees = self._keys(_nodes(rows, "caller")), self._keys(_nodes(rows, "callee"))
        return [CallEdge(*row) for row in zip(callers, callees, *_values(rows.select(OF_A_CALL)), strict=True)]

    def _link_edges(self, links: pa.Table, limit: int) -> list[LinkEdge]:
        order = [("weight", "descending"), *((name, "ascending") for name in ("a", "b", "reason", "shared"))]
        rows = links.take(pc.sort_indices(links, sort_keys=order)[:limit])
        a, b = self._keys(_nodes(rows, "a")), self._keys(_nodes(rows, "b"))
        return [LinkEdge(*row) for row in zip(a, b, *_values(rows.select(OF_A_LINK)), strict=True)]

    def _keys(self, nodes: IntArray) -> list[Key]:
        distinct, places = np.unique(nodes, return_inverse=True)
        rows = self._snapshot.numbers.select(["operator", "number"]).take(pa.array(distinct))
        keys = [Key(*row) for row in _rows(rows)]
        return [keys[place] for place in places.tolist()]


def _around(side: Adjacency, nodes: IntArray) -> tuple[IntArray, IntArray]:
    """Give the other ends and the edge rows of all edges of `nodes` on one side."""
    starts, ends = side.indptr[nodes], side.indptr[nodes + 1]
    counts = ends - starts
    at = np.arange(counts.sum()) + np.repeat(starts - np.cumsum(counts) + counts, counts)
    return side.neighbours[at].astype(np.int64), side.edges[at]


def _of_campaign(table: pa.Table, campaign: str) -> pa.Table:
    return table.filter(pc.field("campaign") == campaign)


def _nodes(table: pa.Table, name: str) -> IntArray:
    nodes: IntArray = table[name].to_numpy().astype(np.int64)
    return nodes


def _ints(values: list[int]) -> IntArray:
    return np.array(values, dtype=np.int64)


def _values(table: pa.Table) -> list[list[Any]]:
    return [column.to_pylist() for column in table.columns]


def _rows(table: pa.Table) -> Iterator[tuple[Any, ...]]:
    return zip(*_values(table), strict=True)
