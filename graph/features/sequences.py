"""The groups that look at the calls of each caller, or callee, in order."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import numpy.typing as npt

from configs import FeatureSettings
from graph.call_blocks import call_blocks
from graph.calls import CallTables
from graph.features import catalogue, lines, overlaps, rhythm
from graph.features.columns import whole_by_node
from graph.query_engine import QueryEngine

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


def columns(
    engine: QueryEngine, tables: CallTables, settings: FeatureSettings, groups: Collection[str], count: int
) -> dict[str, Floats]:
    """Give those of the groups rhythm, lines and overlaps that are among `groups`, of `count` callers, NaN = null."""
    calls, found = tables.calls, dict[str, Floats]()
    if not {"rhythm", "lines"}.isdisjoint(groups):
        found |= _of_callers(engine, tables, count)
    if "overlaps" in groups:
        others = calls.filter(calls.caller != calls.callee)
        found |= overlaps.columns(call_blocks(engine, others, "callee", count), settings)
    return found


def _of_callers(engine: QueryEngine, tables: CallTables, count: int) -> dict[str, Floats]:
    """Give both groups of callers: to read and sort their calls costs the most."""
    calls = tables.calls
    found = {name: np.full(count, np.nan) for name in (*catalogue.names("rhythm"), *catalogue.names("lines"))}
    digits = _digits(engine, tables)
    callers = call_blocks(engine, calls, "caller", count)
    for block in callers.read(**rhythm.read(calls), **lines.read(calls)):
        for name, values in {**rhythm.columns(block, digits), **lines.columns(block)}.items():
            found[name][block.nodes] = values
    return found


def _digits(engine: QueryEngine, tables: CallTables) -> Integers:
    """Give the digits of every number, rhythm.UNKNOWN of those that have none, row = node."""
    found = engine.fetch(tables.numbers.select("node", digits=tables.numbers.digits.fill_null(rhythm.UNKNOWN)))
    return whole_by_node(found["node"].to_numpy(), found["digits"].to_numpy(), len(found))
