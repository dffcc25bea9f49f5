"""The base score."""

from __future__ import annotations

import numpy as np

from api.bench.ground import Ground, Told, Work
from detectors.columns import feature_columns
from detectors.isolation_forest import base_scores
from detectors.peers import compared_features


def forest(ground: Ground) -> Work:
    """An Isolation Forest on the features by which numbers are compared; they are on disk."""
    graph = ground.snapshot()

    def work() -> Told:
        columns = feature_columns(graph.features)
        scores = base_scores(columns, compared_features(columns), ground.settings.isolation_forest)
        return lambda: {"ranked": int(np.count_nonzero(~np.isnan(scores)))}

    return work
