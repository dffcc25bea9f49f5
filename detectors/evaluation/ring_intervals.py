"""Intervals of the figures about rings: rings are drawn anew, not their members."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from detectors.evaluation.bootstrap import (
    LEAST_CLUSTERS,
    OTHER_SEED,
    Interval,
    cluster_weights,
    interval,
    own_clusters,
    ratio,
)
from detectors.evaluation.rings import Items, RingQuality

BoolArray = npt.NDArray[np.bool_]
FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


def ring_intervals(rings: RingQuality) -> dict[str, Interval]:
    """Give the intervals of `campaigns`; all are None where there are too few rings to draw from.

    Reported numbers of no ring are drawn by the campaign that reported them.
    """
    items, planted = rings.items, len(rings.found)
    weights = _item_weights(items, planted)
    precision, recall = _weighted(weights, items.precision), _weighted(weights, items.recall)
    reported = weights * items.reported
    values = {
        "b_cubed_precision": precision,
        "b_cubed_recall": recall,
        "b_cubed_f1": 2 * precision * recall / (precision + recall),
        "rings_found": found_counts(rings.found),
        "rings_found_of_active_members": found_counts(rings.found_of_active[rings.is_active]),
        "member_precision": ratio(reported @ items.fraud.astype(np.float64), reported.sum(axis=1)),
    }
    return {name: interval(of) if planted >= LEAST_CLUSTERS else None for name, of in values.items()}


def found_interval(found: BoolArray) -> Interval:
    """Give the interval of how many of some rings are found, [rings]; None where there are too few to draw from."""
    return interval(found_counts(found)) if len(found) >= LEAST_CLUSTERS else None


def found_counts(found: BoolArray) -> FloatArray:
    """Give how many rings are found in each resample of them, [resamples]."""
    return np.array([float(weight @ found) for weight in cluster_weights(np.arange(len(found)))])


def _item_weights(items: Items, planted: int) -> FloatArray:
    """Give how often each item counts in each resample, [resamples, items]."""
    in_ring = items.ring >= 0
    falsely = own_clusters(items.claimed[~in_ring])
    times = zip(cluster_weights(np.arange(planted)), cluster_weights(falsely, OTHER_SEED), strict=True)
    return np.stack([_laid_out(of_ring, of_false, items.ring, in_ring) for of_ring, of_false in times])


def _laid_out(of_ring: FloatArray, of_false: FloatArray, ring: IntArray, in_ring: BoolArray) -> FloatArray:
    weight = np.empty(len(ring))
    weight[in_ring], weight[~in_ring] = of_ring[ring[in_ring]], of_false
    return weight


def _weighted(weights: FloatArray, values: FloatArray) -> FloatArray:
    return ratio(weights @ values, weights.sum(axis=1))
