"""The window's calls with an entity in the place of the number: what features are computed from for entities.

Entities are nodes below zero (-1 - row), so that they stand beside numbers in one table of pairs.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import ibis
import ibis.expr.types as ir

from graph.calls import CallTables
from graph.entities.members import COLUMN, RECEIVED_BY
from graph.features.feature import Kind
from graph.query_engine import QueryEngine


@dataclass(frozen=True)
class Regrouped:
    """Calls of the entities of one kind.

    tables: as of numbers; numbers are the entities, `calls` those that they made, `pairs` are (entity, callee) and
    (caller, entity) of calls between different numbers. received: the calls that they received from other numbers.
    number_pairs: node (entity), caller, callee and sums: who called whom within the entity. number_table: of numbers.
    """

    tables: CallTables
    received: ir.Table
    number_pairs: ir.Table
    number_table: ir.Table


def regrouped(engine: QueryEngine, tables: CallTables, kind: Kind, known: ir.Table) -> Regrouped:
    """Give the calls of the entities of a `kind`; `known`: kind, key, node (number) and entity, one row a member."""
    members = known.filter(known.kind == kind).select("key", "node", id=(-1 - known.entity).cast("int32"))
    made, received = _made(tables.calls, members, kind), _received(tables.calls, members, kind)
    number_pairs = engine.save(f"{kind}_number_pairs", _number_pairs(tables, made, members, kind))
    pairs = engine.save(
        f"{kind}_pairs",
        ibis.union(
            _pairs(number_pairs, number_pairs.node, number_pairs.callee),
            _received_pairs(tables, received, members, kind),
        ),
    )
    entities = members.select(node=members.id).distinct()
    return Regrouped(replace(tables, numbers=entities, calls=made, pairs=pairs), received, number_pairs, tables.numbers)


def _made(calls: ir.Table, members: ir.Table, kind: Kind) -> ir.Table:
    """Give the calls with `caller` an entity and `number` who made them."""
    same = [calls.caller == members.node]
    if kind != "range":
        same.append(calls[COLUMN[kind]] == members.key)
    columns = [name for name in calls.columns if name != "caller"]
    return calls.join(members, same).select(*(calls[name] for name in columns), caller=members.id, number=calls.caller)


def _received(calls: ir.Table, members: ir.Table, kind: Kind) -> ir.Table:
    """Give the calls of others with `callee` an entity; only ranges and trunks receive calls."""
    others = calls.filter(calls.caller != calls.callee)
    same = [others.callee == members.node]
    if kind == "trunk":
        same.append(others[RECEIVED_BY] == members.key)
    elif kind != "range":
        same.append(ibis.literal(False))
    columns = ("caller", "talk_ms", "ring_ms", "answered")
    return others.join(members, same).select(*(others[name] for name in columns), callee=members.id)


def _number_pairs(tables: CallTables, made: ir.Table, members: ir.Table, kind: Kind) -> ir.Table:
    if kind == "range":  # a number has one range: its pairs are there already
        pairs = tables.pairs
        sums = (pairs.calls, pairs.answered, pairs.talk_ms)
        return pairs.join(members, pairs.caller == members.node).select(
            *sums, pairs.caller, pairs.callee, node=members.id
        )
    others = made.filter(made.number != made.callee)
    return others.group_by(node=others.caller, caller=others.number, callee=others.callee).agg(
        calls=others.count(), answered=others.count(where=others.answered), talk_ms=others.talk_ms.sum()
    )


def _received_pairs(tables: CallTables, received: ir.Table, members: ir.Table, kind: Kind) -> ir.Table:
    if kind == "range":
        pairs = tables.pairs
        into = pairs.join(members, pairs.callee == members.node)
        into = into.select(pairs.caller, pairs.calls, pairs.answered, pairs.talk_ms, callee=members.id)
        return _pairs(into, into.caller, into.callee)
    each = received.select(
        "caller", "callee", "talk_ms", calls=ibis.literal(1, "int64"), answered=received.answered.cast("int64")
    )
    return _pairs(each, each.caller, each.callee)


def _pairs(rows: ir.Table, caller: ir.IntegerValue, callee: ir.IntegerValue) -> ir.Table:
    return rows.group_by(caller=caller, callee=callee).agg(
        calls=rows.calls.sum(), answered=rows.answered.sum(), talk_ms=rows.talk_ms.sum()
    )
