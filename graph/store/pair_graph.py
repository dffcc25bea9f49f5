"""Neighbourhoods walked on pairs, wherever these come from; the answers are those that the store port describes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

import numpy as np

from graph.exact_sums import sums
from graph.snapshot import IntArray, node_key
from graph.store.described import Described, describe
from graph.store.pairs import CALLS, FIRST, LAST, NO_NAMES, NO_PAIRS, Bools, Names, Pairs, distinct, merged
from graph.store.port import (
    CallEdge,
    Direction,
    GraphAnswer,
    GraphStore,
    Key,
    Neighbour,
    Neighbours,
    NumberNode,
    check_question,
)

FIGURES = ("first_seen", "last_seen", "out_calls", "in_calls", "callees", "callers")


class PairSource(Protocol):
    """Something that knows pairs."""

    def around(self, names: Names) -> Pairs:
        """Give all pairs that begin or end at some names (ascending, distinct), each once."""
        ...


class PairGraph:
    """The graph of some pairs, with the answers that the store port describes.


    `run` says what the numbers are and which links are among them; None where no run does.
    """

    def __init__(self, pairs: PairSource, run: GraphStore | None) -> None:
        self._source, self._run = pairs, run

    def lookup(self, keys: Sequence[Key]) -> list[NumberNode | None]:
        """Give the nodes of `keys` in order, None where there is no call of one."""
        walk = _Walk(self._source)
        walk.reach(_names(keys))
        known = _keys(walk.pairs.names[walk.pairs.marked(_names(keys))])
        nodes = dict(zip(known, self._described(walk, known, 0).nodes, strict=True))
        return [nodes.get(key) for key in keys]

    def neighbours(self, key: Key, direction: Direction, limit: int) -> Neighbours:
        """Give the `limit` heaviest neighbours by calls, ties by key; empty for an unknown key."""
        check_question([limit])
        walk = _Walk(self._source)
        walk.reach(_names([key]))
        edges = walk.pairs.where(walk.edges_of(_names([key]), direction))
        others = edges.callee if direction == "out" else edges.caller
        best = np.lexsort((others, -edges.sums[CALLS]))[:limit]
        names = edges.names[others[best]]
        walk.reach(np.sort(names))
        nodes = self._described(walk, _keys(names), 0).nodes
        rows = zip(nodes, _call_edges(edges.where(best)), strict=True)
        return Neighbours(tuple(Neighbour(node, edge) for node, edge in rows), len(others), len(others))

    def neighbourhood(self, roots: Sequence[Key], depth: int, max_nodes: int, max_edges: int) -> GraphAnswer:
        """Give what is reached from `roots` over calls in either direction within `depth` hops."""
        check_question([max_nodes, max_edges], depth)
        walk = _Walk(self._source)
        walk.reach(_names(roots))
        known = walk.pairs.names[walk.pairs.marked(_names(roots))]
        layers, seen = [known[:max_nodes]], [known]
        for _ in range(depth):
            kept = np.concatenate(layers)
            reached, weights = walk.beside(layers[-1], kept)
            seen.append(reached)
            # Names ascend, so that a stable order breaks ties by them.
            layers.append(reached[np.argsort(-weights, kind="stable")[: max_nodes - len(kept)]])
            walk.reach(np.sort(layers[-1]))
        return self._answer(walk, layers, (len(distinct(np.concatenate(seen))[0]), len(known)), max_edges)

    def _answer(self, walk: _Walk, layers: Sequence[Names], totals: tuple[int, int], max_edges: int) -> GraphAnswer:
        keys = _keys(np.concatenate(layers))
        hops = np.repeat(np.arange(len(layers)), [len(layer) for layer in layers])
        edges = walk.pairs.where(walk.edges_among(np.concatenate(layers)))
        heaviest = np.argsort(-edges.sums[CALLS], kind="stable")[:max_edges]  # rows are sorted by (caller, callee)
        described = self._described(walk, keys, max_edges)
        return GraphAnswer(
            nodes=tuple(described.nodes),
            hops=tuple(hops.tolist()),
            edges=tuple(_call_edges(edges.where(heaviest))),
            links=described.links,
            total_nodes=totals[0],
            total_edges=len(edges),
            total_links=described.total_links,
            total_roots=totals[1],
        )

    def _described(self, walk: _Walk, keys: Sequence[Key], max_links: int) -> Described:
        """Say what numbers are, with the figures of their calls; all of them were reached."""
        described = describe(self._run, keys, max_links)
        rows = zip(described.nodes, *(column.tolist() for column in walk.figures(_in_order(keys))), strict=True)
        nodes = [_with_figures(node, figures) for node, *figures in rows]
        return replace(described, nodes=nodes)


class _Walk:
    """What is known on the way: all pairs around the numbers that were reached."""

    def __init__(self, source: PairSource) -> None:
        self._source = source
        self._reached: Names = NO_NAMES
        self.pairs: Pairs = NO_PAIRS

    def reach(self, names: Names) -> None:
        """Make all pairs known that begin or end at some names (ascending, distinct)."""
        new = names[~np.isin(names, self._reached)]
        if not len(new):
            return
        found = self._source.around(new)
        self.pairs = merged([self.pairs, found.where(~found.touching(self._reached))])
        self._reached = np.sort(np.concatenate((self._reached, new)), kind="stable")  # merges them

    def beside(self, frontier: Names, kept: Names) -> tuple[Names, IntArray]:
        """Give names next to the frontier that are not kept, ascending, and the calls that tie them to it."""
        pairs, here, is_kept = self.pairs, self.pairs.marked(frontier), self.pairs.marked(kept)
        out = here[pairs.caller] & ~is_kept[pairs.callee]
        into = here[pairs.callee] & ~is_kept[pairs.caller]
        others = np.concatenate((pairs.callee[out], pairs.caller[into]))
        weights = np.zeros(len(pairs.names), dtype=np.int64)
        np.add.at(weights, others, np.concatenate((pairs.sums[CALLS][out], pairs.sums[CALLS][into])))
        reached = np.flatnonzero(weights)
        return pairs.names[reached], weights[reached]

    def edges_of(self, names: Names, direction: Direction) -> Bools:
        """Say which rows are calls from (`out`) or to (`in`) some names; calls to oneself are no edge."""
        marks = self.pairs.marked(names)
        ends: Bools = marks[self.pairs.caller if direction == "out" else self.pairs.callee]
        edges: Bools = ends & (self.pairs.caller != self.pairs.callee)
        return edges

    def edges_among(self, names: Names) -> Bools:
        """Say which rows are calls from some names to others of them."""
        marks = self.pairs.marked(names)
        among: Bools = marks[self.pairs.caller] & marks[self.pairs.callee] & (self.pairs.caller != self.pairs.callee)
        return among

    def figures(self, names: Names) -> list[IntArray]:
        """Give FIGURES of names that were reached."""
        pairs, places, count = self.pairs, self.pairs.places(names), len(self.pairs.names)
        first, last = np.full(count, np.iinfo(np.int64).max), np.zeros(count, dtype=np.int64)
        for end in (pairs.caller, pairs.callee):
            np.minimum.at(first, end, pairs.sums[FIRST])
            np.maximum.at(last, end, pairs.sums[LAST])
        edges = pairs.where(pairs.caller != pairs.callee)
        calls = [sums(end, edges.sums[CALLS], count) for end in (edges.caller, edges.callee)]
        others = [np.bincount(end, minlength=count) for end in (edges.caller, edges.callee)]
        return [column[places] for column in (first, last, *calls, *others)]


def _with_figures(node: NumberNode, figures: Sequence[int]) -> NumberNode:
    """Put FIGURES into a node; `dataclasses.replace` takes five times as long, and there are hundreds."""
    first_seen, last_seen, out_calls, in_calls, callees, callers = figures
    return NumberNode(
        node.key,
        node.kind,
        node.country,
        node.line_type,
        node.carrier,
        first_seen,
        last_seen,
        out_calls,
        in_calls,
        callees,
        callers,
        node.risk,
        node.verdict,
        node.role,
        node.fraud_type,
        node.campaign,
    )


def _call_edges(pairs: Pairs) -> list[CallEdge]:
    callers, callees = _keys(pairs.names[pairs.caller]), _keys(pairs.names[pairs.callee])
    return [CallEdge(*row) for row in zip(callers, callees, *pairs.sums.tolist(), strict=True)]


def _names(keys: Sequence[Key]) -> Names:
    """Give keys as names, ascending and each once; those that no pair can have are left out."""
    return np.unique(_in_order([key for key in keys if (key.operator + key.number).isascii()]))


def _in_order(keys: Sequence[Key]) -> Names:
    return np.array([node_key(key.operator, key.number) for key in keys]) if keys else NO_NAMES


def _keys(names: Names) -> list[Key]:
    return [Key(*name.decode("ascii").split("\x01", 1)) for name in names.tolist()]
