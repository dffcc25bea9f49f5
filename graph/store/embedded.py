"""The embedded store: array code on the memory-mapped tables of one run; nothing to start, nothing to lock."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cached_property
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graph.snapshot import Adjacency, IntArray
from graph.store.adjacent import adjacency, around, either, sums_by_node, width
from graph.store.beside import Beside
from graph.store.port import (
    ANYONE,
    CALLED,
    NOTHING,
    CallPath,
    GraphAnswer,
    Key,
    Kind,
    KindCount,
    Neighbour,
    Neighbours,
    NumberNode,
    Order,
    SharedCallee,
    SharedCallees,
    StoreMeta,
    Wanted,
    check_question,
)
from graph.store.shortest import Half, shortest
from graph.store.shown import Shown
from graph.store.told import Told, nodes_in


class EmbeddedStore:
    """GraphStore on one run's tables; safe to share between threads, since nothing changes."""

    def __init__(self, shown: Shown) -> None:
        self._shown = shown
        self._snapshot = shown.snapshot
        self._beside = Beside(shown)
        self._told = Told(shown)

    def meta(self) -> StoreMeta:
        """Give the version shown."""
        return self._meta

    def lookup(self, keys: Sequence[Key]) -> list[NumberNode | None]:
        """Give the nodes of `keys` in order, None where the window has no call of one."""
        nodes = [self._node_of(key) for key in keys]
        found = iter(self._told.numbers(_ints([node for node in nodes if node is not None])))
        return [None if node is None else next(found) for node in nodes]

    def neighbours(
        self,
        key: Key,
        kind: Kind,
        limit: int,
        wanted: Wanted = ANYONE,
        order: Order = "weight",
        without: Collection[Key] = (),
    ) -> Neighbours:
        """Give the first `limit` wanted neighbours of one kind: callees, callers, or those that a link ties."""
        check_question([limit])
        node = self._node_of(key, without)
        if node is None:
            return Neighbours((), 0, 0)
        ends = self._beside.ends(node, kind, self._nodes_of(without))
        passing = self._beside.wanted(ends, wanted)
        first = self._beside.first(passing, order, limit)
        edges = self._told.edges(kind, first.rows)
        rows = tuple(Neighbour(node, edge) for node, edge in zip(self._told.numbers(first.nodes), edges, strict=True))
        return Neighbours(rows, len(ends.rows), len(passing.rows))

    def kinds(self, key: Key, wanted: Wanted = ANYONE, without: Collection[Key] = ()) -> tuple[KindCount, ...]:
        """Count all neighbours of a number and the wanted ones: callees, callers, then links by reason."""
        node = self._node_of(key, without)
        return () if node is None else tuple(self._beside.counts(node, wanted, self._nodes_of(without)))

    def neighbourhood(
        self,
        roots: Sequence[Key],
        depth: int,
        max_nodes: int,
        max_edges: int,
        reasons: Collection[str] | None = None,
        without: Collection[Key] = (),
    ) -> GraphAnswer:
        """Give what is reached from `roots` over calls in either direction within `depth` hops."""
        check_question([max_nodes, max_edges], depth)
        barred = self._nodes_of(without)
        known = np.setdiff1d(self._nodes_of(roots), barred)
        layers = [known[:max_nodes]]
        seen = known
        for _ in range(depth):
            kept = np.concatenate(layers)
            reached, weights = self._reached(layers[-1], np.concatenate([kept, barred]), reasons)
            seen = either(seen, reached)
            # Nodes ascend, so that a stable order breaks ties by them.
            layers.append(reached[np.argsort(-weights, kind="stable")[: max_nodes - len(kept)]])
        kept = np.concatenate(layers)
        edges = self._edges_from(kept, kept) if reasons is None or CALLED in reasons else _ints([])
        links = self._links_among(kept, reasons)
        return self._answer(layers, len(seen), len(known), edges, links, max_edges)

    def subgraph(self, keys: Sequence[Key], max_edges: int, without: Collection[Key] = ()) -> GraphAnswer:
        """Give all of `keys` that are there (hop 0, each once, by key), calls and links among them."""
        return self.neighbourhood(keys, 0, len(keys), max_edges, without=without)

    def shared_callees(
        self, keys: Sequence[Key], limit: int, at_least: int = 2, without: Collection[Key] = ()
    ) -> SharedCallees:
        """Give the `limit` most shared of the numbers that at least `at_least` of `keys` called."""
        check_question([limit], at_least=at_least)
        barred = self._nodes_of(without)
        ends, edges = around(self._snapshot.out, np.setdiff1d(self._nodes_of(keys), barred))
        callees, callers = sums_by_node(ends, np.ones_like(edges))
        _, calls = sums_by_node(ends, self._calls[edges])
        shared = np.flatnonzero((callers >= at_least) & ~np.isin(callees, barred))
        best = shared[np.lexsort((callees[shared], -calls[shared], -callers[shared]))[:limit]]
        rows = zip(self._told.numbers(callees[best]), callers[best].tolist(), calls[best].tolist(), strict=True)
        return SharedCallees(tuple(SharedCallee(*row) for row in rows), len(shared))

    def path(
        self, a: Key, b: Key, max_hops: int, directed: bool = False, without: Collection[Key] = ()
    ) -> CallPath | None:
        """Give a shortest path from `a` to `b` over calls in either direction, or only from caller to callee."""
        check_question([], hops=max_hops)
        start, end = self._node_of(a, without), self._node_of(b, without)
        if start is None or end is None:
            return None
        out, into, barred = self._snapshot.out, self._snapshot.into, self._nodes_of(without)
        halves = (Half(start, [out], barred), Half(end, [into], barred))
        if not directed:
            halves = (Half(start, [out, into], barred), Half(end, [out, into], barred))
        nodes = shortest(*halves, max_hops, self._calls)
        return None if nodes is None else self._path(nodes, directed)

    def campaign(self, campaign: str, max_nodes: int, max_edges: int, without: Collection[Key] = ()) -> GraphAnswer:
        """Give members of a campaign (hop 0), their most shared victims (hop 1), calls and links among them."""
        check_question([max_nodes, max_edges])
        everyone = _of_campaign(self._shown.members, campaign).sort_by([("risk", "descending"), ("node", "ascending")])
        barred = self._nodes_of(without)
        members = _without(nodes_in(everyone, "node"), barred)
        if not len(members):
            return NOTHING
        victims = _without(self._victims(campaign), np.concatenate([members, barred]))
        kept = np.sort(members[:max_nodes])
        layers = [kept, victims[: max_nodes - len(kept)]]
        edges = self._edges_touching(kept, np.concatenate(layers))
        links = _of_campaign(self._links_among(kept), campaign)
        return self._answer(layers, len(members) + len(victims), len(members), edges, links, max_edges)

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
        """The links of a node to those with greater keys, so that each is found once."""
        a, b = nodes_in(self._shown.links, "a"), nodes_in(self._shown.links, "b")
        return adjacency(a, b, np.arange(len(a)), len(self._shown.scores))

    def _node_of(self, key: Key, without: Collection[Key] = ()) -> int | None:
        if key in without:
            return None
        return self._snapshot.node_of(key.operator, key.number)

    def _nodes_of(self, keys: Collection[Key]) -> IntArray:
        """Give the nodes of those keys that are there, each once, ascending."""
        return np.unique(_ints([node for key in keys if (node := self._node_of(key)) is not None]))

    def _path(self, nodes: Sequence[int], directed: bool) -> CallPath:
        """Give the calls from each node to the next and, unless directed, back."""
        rows = []
        for pair in pairwise(nodes):
            rows += [self._edges_from(_ints([one]), _ints([other])) for one, other in (pair, pair[::-1])][
                : 2 - directed
            ]
        edges = self._told.call_edges(np.concatenate([_ints([]), *rows]))
        return CallPath(tuple(self._told.numbers(_ints(list(nodes)))), tuple(edges))

    def _reached(
        self, frontier: IntArray, kept: IntArray, reasons: Collection[str] | None
    ) -> tuple[IntArray, IntArray]:
        """Give nodes next to the frontier that are not kept, ascending, and the calls and links that tie them to it."""
        walked = [self._over_links(frontier, reasons)] if reasons is not None else []
        if reasons is None or CALLED in reasons:
            walked += [self._over_calls(side, frontier) for side in (self._snapshot.out, self._snapshot.into)]
        others, weights = (np.concatenate(columns) for columns in zip(*walked, strict=True))
        new = ~np.isin(others, kept)
        return sums_by_node(others[new], weights[new])

    def _over_calls(self, side: Adjacency, frontier: IntArray) -> tuple[IntArray, IntArray]:
        others, edges = around(side, frontier)
        return others, self._calls[edges]

    def _over_links(self, frontier: IntArray, reasons: Collection[str]) -> tuple[IntArray, IntArray]:
        others, links = around(self._beside.links, frontier)
        others = others[self._beside.has_reason(links, list(reasons))]
        return others, np.ones_like(others)

    def _edges_from(self, callers: IntArray, callees: IntArray) -> IntArray:
        """Give the rows of edges from `callers` to `callees`, looked for at the ends that have fewer."""
        out, into = self._snapshot.out, self._snapshot.into
        if width(into, callees) < width(out, callers):
            others, edges = around(into, callees)
            return edges[np.isin(others, callers)]
        others, edges = around(out, callers)
        return edges[np.isin(others, callees)]

    def _edges_touching(self, members: IntArray, kept: IntArray) -> IntArray:
        """Give the rows of edges between a member and a kept node, in either direction."""
        others, edges = around(self._snapshot.into, members)
        return np.union1d(self._edges_from(members, kept), edges[np.isin(others, kept)])

    def _victims(self, campaign: str) -> IntArray:
        """Give the victims of a campaign, the most shared first."""
        order = [("callers", "descending"), ("calls", "descending"), ("node", "ascending")]
        return nodes_in(_of_campaign(self._shown.victims, campaign).sort_by(order), "node")

    def _links_among(self, kept: IntArray, reasons: Collection[str] | None = None) -> pa.Table:
        others, rows = around(self._links, kept)
        links = self._shown.links.take(pa.array(rows[np.isin(others, kept)]))
        return (
            links if reasons is None else links.filter(pc.is_in(links["reason"], pa.array(list(reasons), pa.string())))
        )

    def _answer(
        self,
        layers: Sequence[IntArray],
        total_nodes: int,
        total_roots: int,
        edges: IntArray,
        links: pa.Table,
        max_edges: int,
    ) -> GraphAnswer:
        hops = np.repeat(np.arange(len(layers)), [len(layer) for layer in layers])
        # Rows of the edge table are ordered by (caller, callee), so the row breaks ties.
        heaviest = edges[np.lexsort((edges, -self._calls[edges]))[:max_edges]]
        return GraphAnswer(
            nodes=tuple(self._told.numbers(np.concatenate(layers))),
            hops=tuple(hops.tolist()),
            edges=tuple(self._told.call_edges(heaviest)),
            links=tuple(self._told.heaviest_links(links, max_edges)),
            total_nodes=total_nodes,
            total_edges=len(edges),
            total_links=len(links),
            total_roots=total_roots,
        )


def _of_campaign(table: pa.Table, campaign: str) -> pa.Table:
    return table.filter(pc.field("campaign") == campaign)


def _without(nodes: IntArray, others: IntArray) -> IntArray:
    return nodes[~np.isin(nodes, others)]


def _ints(values: list[int]) -> IntArray:
    return np.array(values, dtype=np.int64)
