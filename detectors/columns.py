"""A snapshot's features as NumPy columns."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pyarrow as pa

from detectors.judgement import Columns, FloatArray


def feature_columns(features: pa.Table) -> dict[str, FloatArray]:
    """Give each feature as float64 [n]; null becomes NaN."""
    return {name: _values(features[name]) for name in features.column_names}


def missing(columns: Columns, needed: Iterable[str]) -> list[str]:
    """Name those of `needed` that no number has a value for: what is not recorded cannot be judged."""
    return [name for name in needed if name not in columns or bool(np.all(np.isnan(columns[name])))]


def _values(column: pa.ChunkedArray) -> FloatArray:
    return np.asarray(column.cast(pa.float64()).fill_null(np.nan).to_numpy(), dtype=np.float64)
