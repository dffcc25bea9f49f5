"""Whom entities call and who calls them, as arrays, of some entities at a time.

Ranges have them from the numbers' pairs, as each number has one range; of the others a number can have several.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

import ibis.expr.datatypes as dt
import ibis.expr.types as ir
import numpy as np

from graph.blocks import cuts
from graph.pair_arrays import Contacts, Integers, Nodes, NumberPairs, PairArrays, Received, rows_of
from graph.query_engine import QueryEngine
from graph.sorted_rows import changes, packed, unpacked

_MOST_PAIRS = 1 << 23  # of some entities, but for one with more (bounds memory)
_MOST_CALLS = 1 << 23  # the same, where only calls are counted; each time all of the window's are read


@dataclass(frozen=True)
class EntityPairs:
    """Of calls between different numbers; `node` is an entity, 0 for the first of some, `other` a number."""

    number_pairs: NumberPairs
    made: Contacts
    got: Received


class PairSource(Protocol):
    """Where the pairs of the entities of a kind come from."""

    def spans(self) -> Iterator[tuple[int, int]]:
        """Give spans of entities with a bounded number of pairs; together they are all."""
        ...

    def read(self, first: int, end: int) -> EntityPairs:
        """Give the pairs of a span."""
        ...


@dataclass(frozen=True)
class RangePairs:
    """Of `count` ranges; pairs: of numbers; range_of [numbers]: below 0 for none."""

    pairs: PairArrays
    range_of: Nodes
    count: int

    def spans(self) -> Iterator[tuple[int, int]]:
        """Count pairs by range, those within one twice."""
        ranges = (self.range_of[nodes] for nodes in (self.pairs.caller, self.pairs.callee))
        sizes = sum(np.bincount(of[of >= 0], minlength=self.count) for of in ranges)
        return cuts(np.asarray(sizes), _MOST_PAIRS)

    def read(self, first: int, end: int) -> EntityPairs:
        """Sum the pairs of the ranges' numbers."""
        pairs, own = self.pairs, np.where(self.range_of < end, self.range_of - first, -1)
        out = np.flatnonzero(own[pairs.caller] >= 0)
        into = pairs.by_callee[own[pairs.callee[pairs.by_callee]] >= 0]
        caller, callee = pairs.caller[out], pairs.callee[out]
        node = own[caller]
        made = _made(node, callee, pairs.calls, pairs.talk_ms, rows=out)
        got = (pairs.calls, pairs.talk_ms, pairs.answered)
        return EntityPairs(
            NumberPairs(node, caller, callee, pairs.calls[out]),
            made,
            _got(made, own[pairs.callee[into]], pairs.caller[into], *got, rows=into),
        )


@dataclass(frozen=True)
class CallPairs:
    """Of entities that a call belongs to.

    made: calls with `number` the caller and the entity as `caller`, -1 - row; received: those of others, with the
    entity as `callee`; calls [entities]: how many they have.
    """

    engine: QueryEngine
    made: ir.Table
    received: ir.Table
    calls: Integers

    def spans(self) -> Iterator[tuple[int, int]]:
        """Count calls, which are at least as many."""
        return cuts(self.calls, _MOST_CALLS)

    def read(self, first: int, end: int) -> EntityPairs:
        """Sum calls by entity and numbers."""
        out = self.engine.fetch(_within(_who_called_whom(self.made), first, end))
        node, caller, callee, calls, talk_ms = (column.to_numpy() for column in out.columns)
        made = _made(node, callee, calls, talk_ms, rows=np.arange(len(node)))
        into = self.engine.fetch(_within(_who_called(self.received), first, end))
        got = [column.to_numpy() for column in into.columns]
        return EntityPairs(NumberPairs(node, caller, callee, calls), made, _got(made, *got, rows=np.arange(len(into))))


def _within(rows: ir.Table, first: int, end: int) -> ir.Table:
    some = rows.filter((rows.node >= first) & (rows.node < end))
    return some.mutate(node=(some.node - first).cast(dt.int32))


def _who_called_whom(made: ir.Table) -> ir.Table:
    others = made.filter(made.number != made.callee)
    return others.group_by(node=-1 - others.caller, caller=others.number, callee=others.callee).agg(
        calls=others.count(), talk_ms=others.talk_ms.sum()
    )


def _who_called(received: ir.Table) -> ir.Table:
    return received.group_by(node=-1 - received.callee, other=received.caller).agg(
        calls=received.count(), talk_ms=received.talk_ms.sum(), answered=received.count(where=received.answered)
    )


def _made(node: Nodes, callee: Nodes, calls: Integers, talk_ms: Integers, *, rows: Integers) -> Contacts:
    return Contacts(*_summed(node, callee, (calls, talk_ms), rows))


def _got(
    made: Contacts,
    node: Nodes,
    caller: Nodes,
    calls: Integers,
    talk_ms: Integers,
    answered: Integers,
    *,
    rows: Integers,
) -> Received:
    node, caller, calls, talk_ms, answered = _summed(node, caller, (calls, talk_ms, answered), rows)
    was_called = rows_of(packed(made.node, made.other), packed(node, caller)) >= 0
    return Received(node, caller, calls, talk_ms, answered, was_called)


def _summed(node: Nodes, other: Nodes, values: tuple[Integers, ...], rows: Integers) -> tuple[Any, ...]:
    """Give each node and other once, sorted, with the sums of `values`, which they have in `rows`."""
    keys = packed(node, other)
    order = np.argsort(keys, kind="stable")  # quick where rows come nearly sorted
    keys, rows = keys[order], rows[order]
    starts = np.flatnonzero(changes(keys))
    return (*unpacked(keys[starts]), *(np.add.reduceat(column[rows], starts) for column in values))
