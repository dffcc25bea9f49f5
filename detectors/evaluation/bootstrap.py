"""Intervals by bootstrap: how much a figure moves when the world had drawn other rings and other people.

Members of one ring behave alike, so rings are drawn, not their numbers: a cluster bootstrap. The innocent are drawn one
by one, apart from the fraudulent, so that the share of fraud stays what it is. Percentile intervals: B. Efron, R.
Tibshirani, An Introduction to the Bootstrap, 1993, ch. 13; clusters: A. C. Davison, D. V. Hinkley, Bootstrap Methods
and their Application, 1997, ch. 3.8.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from detectors.evaluation.ranking import rounded

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
Interval = list[float] | None

RESAMPLES = 500
SEED = 20
OTHER_SEED = 1_000_003  # for what is drawn beside the rings
COVERAGE = 0.95
LEAST_CLUSTERS = 2  # one ring says nothing of others


def cluster_weights(cluster: IntArray, seed: int = SEED) -> Iterator[FloatArray]:
    """Give, RESAMPLES times, how often each item [n] counts when as many clusters are drawn, with replacement.

    `cluster` [n] are numbered from 0 without gaps.
    """
    draw, count = np.random.default_rng(seed), int(cluster.max(initial=-1)) + 1
    for _ in range(RESAMPLES):
        times = np.bincount(draw.integers(count, size=count), minlength=count) if count else cluster
        yield times[cluster].astype(np.float64)


def interval(values: FloatArray) -> Interval:
    """Give [low, high], between which COVERAGE of the resampled `values` lie; None where there are none.

    NaN stands for a resample in which there was nothing to count.
    """
    known = values[~np.isnan(values)]
    if not len(known):
        return None
    edge = 50 * (1 - COVERAGE)
    low, high = np.percentile(known, [edge, 100 - edge])
    return [rounded(low), rounded(high)]


def ratio(part: FloatArray, whole: FloatArray) -> FloatArray:
    """Give part / whole; NaN where there is no whole."""
    result = np.full(np.shape(whole), np.nan)
    np.divide(part, whole, out=result, where=whole > 0)
    return result


def own_clusters(group: IntArray) -> IntArray:
    """Number clusters from 0 without gaps: items of one group (from 0) together, those of none (-1) by themselves."""
    alone = group < 0
    apart = np.where(alone, group.max(initial=-1) + 1 + np.cumsum(alone), group)
    return np.unique(apart, return_inverse=True)[1].astype(np.int64)
