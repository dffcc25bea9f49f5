"""Rows that are keyed by node become columns with a row for every node."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from graph.features.feature import Feature

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Nodes = npt.NDArray[np.int32]


def by_node(found: pa.Table, count: int) -> dict[str, Floats]:
    """Give each column but `node` of `found`, row = node of `count`; NaN where a node has no row or a null."""
    nodes = found["node"].to_numpy()
    return {name: _scattered(nodes, found[name], count) for name in found.column_names if name != "node"}


def whole_by_node(nodes: Nodes, values: npt.NDArray[np.integer], count: int) -> Integers:
    """Give whole numbers, row = node of `count`; 0 where a node has none."""
    found = np.zeros(count, dtype=np.int64)
    found[nodes] = values
    return found


def column(feature: Feature, values: Floats, *, is_impossible: bool) -> pa.Array:
    """Give a feature as it is kept: null throughout where it cannot be computed, counts of nothing 0."""
    if is_impossible:
        return pa.nulls(len(values), pa.float64())
    kept = filled(feature, values)
    return pa.array(kept, mask=np.isnan(kept))


def filled(feature: Feature, values: Floats) -> Floats:
    """Give counts of nothing as 0, anything else as it is."""
    return np.nan_to_num(values, nan=0.0) if feature.is_count else values


def _scattered(nodes: Nodes, values: pa.ChunkedArray, count: int) -> Floats:
    scattered = np.full(count, np.nan)
    scattered[nodes] = values.cast(pa.float64()).to_numpy()  # null becomes NaN
    return scattered
