"""The window's calls with an entity in the place of the number: what features are computed from for entities.

Entities are nodes below zero (-1 - row), so that no entity is taken for a number.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir

from graph.calls import CallTables
from graph.entities.members import COLUMN, RECEIVED_BY
from graph.features.feature import Kind


@dataclass(frozen=True)
class Regrouped:
    """Calls of the entities of one kind.

    tables: as of numbers; numbers are the entities, `calls` those that they made, with `number` who made them.
    received: the calls that they received from other numbers; only ranges and trunks receive calls.
    number_table: of numbers.
    """

    tables: CallTables
    received: ir.Table
    number_table: ir.Table


def regrouped(tables: CallTables, kind: Kind, known: ir.Table) -> Regrouped:
    """Give the calls of the entities of a `kind`; `known`: kind, key, node (number) and entity, one row a member."""
    members = known.filter(known.kind == kind).select("key", "node", id=(-1 - known.entity).cast(dt.int32))
    made, received = _made(tables.calls, members, kind), _received(tables.calls, members, kind)
    entities = members.select(node=members.id).distinct()
    return Regrouped(replace(tables, numbers=entities, calls=made), received, tables.numbers)


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
