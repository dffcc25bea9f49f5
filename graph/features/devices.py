"""With which devices (IMEI) and SIMs (IMSI) a number calls, and who else calls with them. Array code."""

from __future__ import annotations

from dataclasses import dataclass

import ibis.expr.types as ir
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from graph.call_blocks import Block, CallBlocks, call_blocks
from graph.calls import CallTables
from graph.features.ratio import rounded
from graph.query_engine import QueryEngine
from graph.sorted_rows import changes, distinct, in_order
from graph.windows import HOUR

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
_NONE = -1  # in the place of a device or SIM that is not on record


@dataclass(frozen=True)
class _Used:
    """Who called with what, each once: node, device and SIM as whole numbers, _NONE where one is not on record."""

    node: Integers
    device: Integers
    sim: Integers


def columns(engine: QueryEngine, tables: CallTables, count: int) -> dict[str, Floats]:
    """Give the group's features of `count` callers, row = node, NaN = null."""
    used = _used(engine, tables)
    devices, sims = _different(used.node, used.device, count), _different(used.node, used.sim, count)
    device_changes, device_hours = _changes(engine, tables, "imei", devices)
    sim_changes, sim_hours = _changes(engine, tables, "imsi", sims)
    return {
        "devices": devices,
        "sims": sims,
        "imei_per_sim": _most(used.node, used.sim, used.device, count),
        "sims_per_imei": _most(used.node, used.device, used.sim, count),
        "numbers_per_imei": _most(used.node, used.device, used.node, count),
        "device_changes": device_changes,
        "sim_changes": sim_changes,
        "device_change_hours": device_hours,
        "sim_change_hours": sim_hours,
    }


def own(calls: ir.Table) -> ir.Table:
    """Give devices and sims, how many different ones each caller used, null where none is on record; keyed by node."""
    return calls.group_by(node=calls.caller).agg(
        devices=calls.imei.nunique().nullif(0), sims=calls.imsi.nunique().nullif(0)
    )


def _used(engine: QueryEngine, tables: CallTables) -> _Used:
    """Operators are kept apart, as their numbers are: a device of two of them is two."""
    calls, numbers = tables.calls, tables.numbers
    known = calls.filter(calls.imei.notnull() | calls.imsi.notnull())
    used = known.select(known.caller, "imei", "imsi").distinct()
    found = engine.fetch(used.join(numbers, used.caller == numbers.node).select("operator", "caller", "imei", "imsi"))
    operator = _codes(pc.dictionary_encode(found["operator"].combine_chunks()).indices)
    device, sim = (_apart(_codes(found[name]), operator) for name in ("imei", "imsi"))
    return _Used(found["caller"].to_numpy().astype(np.int64), device, sim)


def _codes(values: pa.ChunkedArray | pa.Array) -> Integers:
    """Give places in texts, _NONE for null."""
    codes: Integers = values.fill_null(_NONE).to_numpy().astype(np.int64)
    return codes


def _apart(codes: Integers, operator: Integers) -> Integers:
    """Give every pair of a code and an operator a number of its own, 0 … pairs - 1."""
    known = np.flatnonzero(codes != _NONE)
    both = codes[known] * (operator.max(initial=0) + 1) + operator[known]
    order = np.argsort(both)
    apart = np.full(len(codes), _NONE)
    apart[known[order]] = np.cumsum(changes(both[order])) - 1
    return apart


def _different(of: Integers, values: Integers, count: int) -> Floats:
    """Give how many different values each `of` has, NaN where none is on record."""
    known = values != _NONE
    counts = np.bincount(distinct(of[known], values[known])[0], minlength=count)
    return np.where(counts > 0, counts, np.nan)


def _most(node: Integers, mine: Integers, counted: Integers, count: int) -> Floats:
    """Give the most different `counted` that anybody used together with one of the node's `mine`."""
    known = mine != _NONE
    together = known & (counted != _NONE)
    counts = np.bincount(distinct(mine[together], counted[together])[0], minlength=mine.max(initial=0) + 1)
    most = np.zeros(count, dtype=np.int64)
    np.maximum.at(most, node[known], counts[mine[known]])
    return np.where(most > 0, most, np.nan)


def _changes(engine: QueryEngine, tables: CallTables, column: str, different: Floats) -> tuple[Floats, Floats]:
    """Give how often `column` changed, and how many hours before the window's end it last did.

    Consecutive calls with `column` on record are compared, of those callers alone who used several.
    """
    times, last = np.zeros_like(different), np.full(len(different), np.nan)
    several = np.flatnonzero(different > 1)
    if len(several):
        of_several = _calls_of(engine, tables, column, several, len(different))
        for block in of_several.read(what=of_several.calls[column]):
            node, changed_at = _changed(block)
            np.add.at(times[block.nodes], node, 1)
            np.fmax.at(last[block.nodes], node, changed_at)
    until_end = tables.window.end - last
    return np.where(np.isnan(different), np.nan, times), rounded(until_end / HOUR)


def _calls_of(engine: QueryEngine, tables: CallTables, column: str, nodes: Integers, count: int) -> CallBlocks:
    """Give the calls of some callers with `column` on record."""
    some = engine.give(f"several_{column}", pa.table({"node": nodes.astype(np.int32)}))
    calls = tables.calls.filter(tables.calls[column].notnull())
    return call_blocks(engine, calls.semi_join(some, calls.caller == some.node), "caller", count)


def _changed(block: Block) -> tuple[Integers, Integers]:
    """Give node and instant, in µs, of every call with something else than the one before."""
    what = block.columns["what"].to_numpy()
    order, placed = in_order(block.placed(block.at), what)
    changed = changes(what[order]) & ~changes(placed >> block.bits)
    return placed[changed] >> block.bits, block.instant(placed[changed]) + block.start
