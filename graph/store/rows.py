"""What stands in Neo4j of one run, as tables whose columns are parameters; keys are written as one string."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from graph.snapshot import IntArray
from graph.store.port import Key
from graph.store.shown import Shown

# Sorts below every character of an operator's name, so that keys sort as (operator, number) do.
BETWEEN = " "
OF_A_CALL = ["calls", "answered", "talk_ms", "night_calls", "first_seen", "last_seen"]


def key_text(key: Key) -> str:
    """Give a key as the graph database has it: operator, a space, number."""
    return f"{key.operator}{BETWEEN}{key.number}"


def key_of(text: str) -> Key:
    """Give the key that `key_text` wrote."""
    operator, _, number = text.partition(BETWEEN)
    return Key(operator, number)


def key_texts(shown: Shown) -> pa.Array:
    """Give the keys of all nodes, row = node."""
    numbers = shown.snapshot.numbers
    joined = pc.binary_join_element_wise(numbers["operator"], numbers["number"], BETWEEN)
    return pa.concat_arrays(joined.chunks) if joined.num_chunks else pa.array([], pa.string())


def number_rows(shown: Shown, keys: pa.Array, nodes: IntArray) -> pa.Table:
    """Give key and the fields of NumberNode for some nodes."""
    return shown.numbers.append_column("key", keys).take(pa.array(nodes))


def number_keys(_: Shown, keys: pa.Array, nodes: IntArray) -> pa.Table:
    """Give only the keys of some nodes."""
    return pa.table({"key": keys.take(pa.array(nodes))})


def call_keys(shown: Shown, keys: pa.Array, edges: IntArray) -> pa.Table:
    """Give only caller and callee (keys) of some rows of the edge table."""
    return call_rows(shown, keys, edges).select(["caller", "callee"])


def call_rows(shown: Shown, keys: pa.Array, edges: IntArray) -> pa.Table:
    """Give caller, callee (keys) and the fields of CallEdge for some rows of the edge table."""
    rows = shown.snapshot.edges.take(pa.array(edges))
    return _keyed(rows, keys, caller="caller", callee="callee").select(["caller", "callee", *OF_A_CALL])


def campaign_rows(shown: Shown, _: pa.Array, rows: IntArray) -> pa.Table:
    """Give campaigns as the results have them."""
    return shown.campaigns.take(pa.array(rows))


def member_rows(shown: Shown, keys: pa.Array, rows: IntArray) -> pa.Table:
    """Give campaign, key, role, risk, since."""
    return _keyed(shown.members.take(pa.array(rows)), keys, node="key")


def victim_rows(shown: Shown, keys: pa.Array, rows: IntArray) -> pa.Table:
    """Give campaign, key, callers, calls."""
    return _keyed(shown.victims.take(pa.array(rows)), keys, node="key")


def link_rows(shown: Shown, keys: pa.Array, rows: IntArray) -> pa.Table:
    """Give campaign, a, b (keys), reason, weight, shared."""
    return _keyed(shown.links.take(pa.array(rows)), keys, a="a", b="b")


def _keyed(rows: pa.Table, keys: pa.Array, **renamed: str) -> pa.Table:
    """Put keys where nodes stand, under the new names."""
    for column, name in renamed.items():
        at = rows.schema.get_field_index(column)
        rows = rows.set_column(at, name, keys.take(pc.cast(rows[column], pa.int32()).combine_chunks()))
    return rows
