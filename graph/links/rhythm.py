"""How alike two numbers work: when they call, how often, and what comes of it."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from graph.links.table import DECIMALS, Floats, Integers, Nodes

SHARES = ("night_share", "offhours_share", "weekend_share", "zero_share", "fanout")  # 0..1 already
SCALED = {"attempts_per_active_hour": 1_000.0, "acd": 3_600.0}  # on a log scale, 1 at this value
FEATURES = (*SHARES, *SCALED)
_STEPS = 1_000  # a measure is compared in so many steps, so that sums are whole numbers


def rhythms(features: pa.Table) -> Integers:
    """Give each node's measures as whole steps 0..1000, [n, FEATURES]; what it has not is 0 as for one who never calls.

    `features`: the snapshot's, row = node.
    """
    shares = [_filled(features[name]) for name in SHARES]
    scaled = [np.log1p(_filled(features[name])) / np.log1p(top) for name, top in SCALED.items()]
    measures = np.clip(np.stack([*shares, *scaled], axis=1), 0.0, 1.0)
    return np.asarray(np.rint(measures * _STEPS), dtype=np.int64)


def likeness(rhythm: Integers, a: Nodes, b: Nodes) -> Floats:
    """Give 1 - the mean difference of the measures of pairs, 0..1."""
    total = np.zeros(len(a), dtype=np.int64)
    for measure in rhythm.T:
        total += np.abs(measure[a] - measure[b])
    return np.asarray(np.round(1.0 - total / (_STEPS * rhythm.shape[1]), DECIMALS), dtype=np.float64)


def _filled(column: pa.ChunkedArray) -> Floats:
    return np.asarray(column.cast(pa.float64()).fill_null(0.0).to_numpy(), dtype=np.float64)
