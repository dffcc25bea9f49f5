"""The feature table of a snapshot: every group computed, laid out by node, completed by what is not computable."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import ibis.expr.types as ir
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from configs import FeatureSettings
from graph.calls import CallTables
from graph.engine import Engine
from graph.features import catalogue, neighbours, pairs, places, reach, rhythm, traffic

Floats = npt.NDArray[np.float64]
GroupTable = Callable[[CallTables, FeatureSettings], ir.Table]
_GROUPS: Mapping[str, GroupTable] = {
    "traffic": traffic.table,
    "reach": reach.table,
    "rhythm": rhythm.table,
    "places": places.table,
    "pairs": pairs.table,
}


def recorded(engine: Engine, calls: ir.Table) -> set[str]:
    """Give which needs of the catalogue at least one of the window's calls has."""
    found = engine.fetch(
        calls.agg(
            ring_ms=calls.ring_ms.count(),
            origin_region=calls.origin_region.count(),
            target_region=calls.target_region.count(),
            callee_digits=calls.callee_digits.count(),
        )
    ).to_pylist()[0]
    found[catalogue.E164] = found.pop("callee_digits")
    return {name for name, count in found.items() if count}


def feature_table(
    engine: Engine, tables: CallTables, edges: pa.Table, count: int, settings: FeatureSettings
) -> tuple[pa.Table, dict[str, str]]:
    """Give the features, and of those that are null throughout what they need: `needs ring_ms`.

    One float64 column a feature, in catalogue order, row = node of `count`. `edges` are the snapshot's.
    """
    columns = neighbours.columns(count, edges["caller"].to_numpy(), edges["callee"].to_numpy())
    for group in _GROUPS.values():
        columns.update(_by_node(engine.fetch(group(tables, settings)), count))
    lacking = catalogue.not_computable(recorded(engine, tables.calls))
    return pa.table({f.name: _column(f, columns[f.name], f.name in lacking) for f in catalogue.FEATURES}), lacking


def _by_node(found: pa.Table, count: int) -> dict[str, Floats]:
    nodes = found["node"].to_numpy()
    return {name: _scattered(nodes, found[name], count) for name in found.column_names if name != "node"}


def _scattered(nodes: npt.NDArray[np.int32], values: pa.ChunkedArray, count: int) -> Floats:
    column = np.full(count, np.nan)
    column[nodes] = values.cast(pa.float64()).to_numpy()  # null becomes NaN
    return column


def _column(feature: catalogue.Feature, values: Floats, is_impossible: bool) -> pa.Array:
    if is_impossible:
        return pa.nulls(len(values), pa.float64())
    if feature.is_count:
        return pa.array(np.nan_to_num(values, nan=0.0))
    return pa.array(values, mask=np.isnan(values))
