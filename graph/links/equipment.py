"""Cheap keys of what callers used: devices, SIMs, cells and trunks that only a few numbers have."""

from __future__ import annotations

from collections.abc import Mapping

import ibis.expr.types as ir

from graph.links import cell, device, sim, trunk
from graph.links.hashing import Keys, hash_texts
from graph.links.table import Nodes
from graph.query_engine import QueryEngine

COLUMNS: Mapping[str, str] = {reason.REASON: reason.COLUMN for reason in (device, sim, cell, trunk)}
_OPERATORS_OWN = (cell.REASON, trunk.REASON)  # names that another operator may have given to something else
_BETWEEN = " "  # no operator's name has one


def equipment_keys(
    engine: QueryEngine, calls: ir.Table, numbers: ir.Table, most: int
) -> Mapping[str, tuple[Nodes, Keys]]:
    """Give (caller node, key) rows by reason, of what 2 to `most` numbers called with.

    `calls`: one row an attempt, with `caller` (node) and the columns of COLUMNS; `numbers`: node, operator. A crowded
    key is left out inside the engine: what is given is at most `most` rows a device or SIM, and a cell or trunk of an
    operator.
    """
    return {reason: _keys(engine, calls, numbers, reason, most) for reason in COLUMNS}


def _keys(engine: QueryEngine, calls: ir.Table, numbers: ir.Table, reason: str, most: int) -> tuple[Nodes, Keys]:
    what = calls[COLUMNS[reason]]
    rows = calls.filter(what.notnull() & (calls.caller != calls.callee)).select(node=calls.caller, text=what).distinct()
    if reason in _OPERATORS_OWN:
        own = rows.join(numbers, rows.node == numbers.node)
        rows = own.select(rows.node, text=numbers.operator + _BETWEEN + rows.text)
    rows = engine.save(f"{reason}_holders", rows)
    shared = rows.group_by("text").agg(holders=rows.count())
    rare = shared.filter((shared.holders >= 2) & (shared.holders <= most))
    found = engine.fetch(rows.join(rare, "text").select(rows.node, rows.text))
    return found["node"].to_numpy(), hash_texts(found["text"].combine_chunks())
