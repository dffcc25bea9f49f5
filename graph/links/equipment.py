"""Cheap keys of what callers used: devices, SIMs, cells and trunks that only a few numbers have."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa
import pyarrow.compute as pc

from graph.calls import CallTables
from graph.links import cell, device, sim, trunk
from graph.links.hashing import Keys, hash_texts
from graph.links.table import Nodes
from graph.query_engine import QueryEngine

COLUMNS: Mapping[str, str] = {reason.REASON: reason.COLUMN for reason in (device, sim, cell, trunk)}
_OPERATORS_OWN = (cell.REASON, trunk.REASON)  # names that another operator may have given to something else
_BETWEEN = " "  # no operator's name has one


def equipment_keys(engine: QueryEngine, tables: CallTables, most: int) -> Mapping[str, tuple[Nodes, Keys]]:
    """Give (caller node, key) rows by reason, of what 2 to `most` numbers called with.

    A crowded key is left out inside the engine: what is given is at most `most` rows a device or SIM, and a cell or
    trunk of an operator.
    """
    return {reason: _keys(engine, tables, reason, most) for reason in COLUMNS}


def _keys(engine: QueryEngine, tables: CallTables, reason: str, most: int) -> tuple[Nodes, Keys]:
    calls, numbers, column = tables.calls, tables.numbers, COLUMNS[reason]
    used = calls.filter(calls[column].notnull() & (calls.caller != calls.callee))
    rows = used.select(node=used.caller, place=used[column]).distinct()
    own = ["place"]
    if reason in _OPERATORS_OWN:
        rows = rows.join(numbers, rows.node == numbers.node).select(rows.node, rows.place, numbers.operator)
        own.append("operator")
    rows = engine.save(f"{reason}_holders", rows)
    shared = rows.group_by(own).agg(holders=rows.count())
    rare = shared.filter((shared.holders >= 2) & (shared.holders <= most))
    found = engine.fetch(rows.join(rare, own).select(rows.node, *(rows[name] for name in own)))
    return found["node"].to_numpy(), hash_texts(_texts(found, tables.texts[column]))


def _texts(found: pa.Table, texts: pa.Array) -> pa.Array:
    """Give what a key is made of: the text itself, and before it the operator whose own it is."""
    held = texts.take(found["place"].combine_chunks())
    if "operator" not in found.column_names:
        return held
    return pc.binary_join_element_wise(found["operator"].combine_chunks(), held, _BETWEEN)
