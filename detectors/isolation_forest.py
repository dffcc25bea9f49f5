"""The base score: how easily a number's behaviour is told apart from everybody else's.

Isolation Forest (Liu, Ting, Zhou 2008) on log-scaled features: raw counts are dominated by their tails, which cost
0.12 AUC on real subscribers. Nothing is stored; the forest is grown anew for every run, so it repeats by its seed.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from sklearn.ensemble import IsolationForest

from configs import ForestSettings
from detectors.judgement import BoolArray, Columns, FloatArray
from detectors.peers import scaled

MODEL = "isolation_forest"
GAP = -1.0  # log of a value that is not there


def base_scores(columns: Columns, names: Sequence[str], settings: ForestSettings) -> FloatArray:
    """Give [n] scores 0..1, higher = odder; NaN for numbers with fewer attempts than `min_attempts`.

    `names` are the features used, on the scale on which peers are compared.
    """
    ranked = rankable(columns, settings)
    scores = np.full(len(ranked), np.nan)
    table = forest_table(columns, names, ranked)
    if table.shape[0] < 2 or table.shape[1] == 0:
        return scores
    scores[ranked] = odd_scores(table, settings)
    return scores


def odd_scores(table: npt.NDArray[np.float32], settings: ForestSettings) -> FloatArray:
    """Give [n] scores 0..1 of the rows of a table without NaN, higher = easier to tell apart from the others."""
    forest = IsolationForest(
        n_estimators=settings.trees, max_samples=min(settings.sample, len(table)), random_state=settings.seed, n_jobs=1
    )
    return np.asarray(np.round(-forest.fit(table).score_samples(table), 9), dtype=np.float64)


def rankable(columns: Columns, settings: ForestSettings) -> BoolArray:
    """Tell which numbers made enough attempts for their behaviour to mean something."""
    return np.asarray(np.nan_to_num(columns["attempts"]) >= settings.min_attempts)


def forest_table(columns: Columns, names: Sequence[str], rows: BoolArray) -> npt.NDArray[np.float32]:
    """Give the [rows, features] matrix the forest sees; features without any value among `rows` are left out."""
    kept = [scaled(name, columns[name][rows]) for name in names]
    filled = [_filled(values) for values in kept if not np.all(np.isnan(values))]
    return np.stack(filled, axis=1).astype(np.float32) if filled else np.empty((int(rows.sum()), 0), np.float32)


def table_with_gaps(columns: Columns) -> npt.NDArray[np.float32]:
    """Give the [n, features] matrix for features that are all counts and amounts: gaps stand apart, below zero.

    For subscribers' tables, where a gap says that nothing of the kind happened: the median hid that and cost 0.05 AUC.
    What is owed (below zero) counts as 0.
    """
    logs = [np.log1p(np.maximum(values, 0.0)) for values in columns.values()]
    return np.asarray(np.nan_to_num(np.stack(logs, axis=1), nan=GAP), dtype=np.float32)


def _filled(values: FloatArray) -> FloatArray:
    """The median stands for what is not known: neither odd nor ordinary."""
    return np.where(np.isnan(values), np.nanmedian(values), values)
