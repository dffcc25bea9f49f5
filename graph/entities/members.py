"""Which numbers belong to which entities, and which entities there are."""

from __future__ import annotations

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir

from graph.calls import CallTables
from graph.features.feature import Kind

COLUMN: dict[Kind, str] = {"device": "imei", "sim": "imsi", "cell": "cell", "trunk": "trunk_in"}  # of the caller
RECEIVED_BY = "trunk_out"  # a trunk makes the calls that come in by it and receives those that leave by it
LEAST_NUMBERS = 2  # the entity of a single number says what the number's own row says


def members(tables: CallTables, kind: Kind, ranges: ir.Table) -> ir.Table:
    """Give operator, kind, key, node, calls, first_seen and last_seen, one row a number and an entity it belongs to.

    ranges: node and key, one row a number that has a range. A key is a place in the sorted texts of its kind. `calls`
    are those that the number made or received as a part of the entity, its calls to itself once.
    """
    sides = _of_range(tables, ranges) if kind == "range" else _of_column(tables, kind)
    uses = sides.group_by("key", "node").agg(
        calls=sides.calls.sum(), first_seen=sides.first_seen.min(), last_seen=sides.last_seen.max()
    )
    numbers = tables.numbers
    return uses.join(numbers, uses.node == numbers.node).select(
        numbers.operator,
        ibis.literal(kind).name("kind"),
        uses.key,
        uses.node,
        uses.calls,
        uses.first_seen,
        uses.last_seen,
    )


def entities(members: ir.Table) -> ir.Table:
    """Give entity (row number by operator, kind, key), operator, kind, key, numbers, calls, first_seen, last_seen."""
    all_ = members.group_by("operator", "kind", "key").agg(
        numbers=members.count(),
        calls=members.calls.sum(),
        first_seen=members.first_seen.min(),
        last_seen=members.last_seen.max(),
    )
    shared = all_.filter(all_.numbers >= LEAST_NUMBERS)
    order = ibis.window(order_by=[shared.operator, shared.kind, shared.key])
    return shared.mutate(entity=ibis.row_number().over(order).cast(dt.int32))


def _of_range(tables: CallTables, ranges: ir.Table) -> ir.Table:
    calls = ibis.union(_made(tables.calls), _received(tables.calls))
    return calls.join(ranges, "node").select("key", "node", "calls", "first_seen", "last_seen")


def _of_column(tables: CallTables, kind: Kind) -> ir.Table:
    made = _made(tables.calls, COLUMN[kind])
    return ibis.union(made, _received(tables.calls, RECEIVED_BY)) if kind == "trunk" else made


def _made(calls: ir.Table, column: str | None = None) -> ir.Table:
    return _sums(calls, calls.caller, column)


def _received(calls: ir.Table, column: str | None = None) -> ir.Table:
    others = calls.filter(calls.caller != calls.callee)
    return _sums(others, others.callee, column)


def _sums(calls: ir.Table, node: ir.IntegerValue, column: str | None) -> ir.Table:
    keys = {"node": node} if column is None else {"key": calls[column], "node": node}
    known = calls if column is None else calls.filter(calls[column].notnull())
    sums = known.group_by(**keys)
    return sums.agg(calls=known.count(), first_seen=known.started.min(), last_seen=known.started.max())
