"""Figures of a ranking with their intervals, over seeds, and under shuffled labels."""

from __future__ import annotations

from typing import Any

import numpy as np

from detectors.evaluation.bootstrap import cluster_weights, interval
from detectors.evaluation.ranking import FIGURES, Levels, levels_of, ranking_quality, rounded
from detectors.evaluation.spread import spread
from tests.benchmarks.research.reading import BoolArray, FloatArray

APART = 1_000_003  # this draw is none that a model makes with the same seed


def figures(fraud: BoolArray, scores: FloatArray) -> dict[str, Any]:
    """Give FIGURES at the natural share of fraud, each with an interval of 95 % by bootstrap over the judged."""
    levels = levels_of(fraud, scores)
    each = np.arange(len(fraud))
    draws = np.array([_drawn(levels, weight) for weight in cluster_weights(each)])
    intervals = {f"{name}_interval": interval(draws[:, at]) for at, name in enumerate(FIGURES)}
    return {"judged": len(fraud), "fraud_share": rounded(fraud.mean()), **ranking_quality(fraud, scores), **intervals}


def _drawn(levels: Levels, weight: FloatArray) -> FloatArray:
    """Give FIGURES of a draw; NaN where it has all of one class."""
    found = weight @ levels.fraud
    return levels.ranking(weight).figures() if 0 < found < weight.sum() else np.full(len(FIGURES), np.nan)


def over_seeds(trials: list[dict[str, Any]]) -> dict[str, dict[str, float]]:
    """Give mean, least and largest of FIGURES over trials."""
    return spread([{name: trial[name] for name in FIGURES} for trial in trials])


def under_shuffled(aucs: list[float]) -> dict[str, Any]:
    """Tell how far from chance a path comes out that has nothing to learn from."""
    return {
        "shuffles": len(aucs),
        "mean_auc": rounded(float(np.mean(aucs))),
        "deviation": rounded(float(np.std(aucs))),
        "aucs": aucs,
    }


def shuffled(values: np.ndarray[Any, Any], known: BoolArray, seed: int) -> np.ndarray[Any, Any]:
    """Give [n] values with those of the `known` dealt out among them anew."""
    dealt = values.copy()
    dealt[known] = np.random.default_rng([seed, APART]).permutation(values[known])
    return dealt
