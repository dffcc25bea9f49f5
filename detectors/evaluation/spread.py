"""Figures over several draws."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from detectors.evaluation.ranking import rounded


def spread(trials: Sequence[Mapping[str, float]]) -> dict[str, dict[str, float]]:
    """Give mean, least and largest of each figure; all trials have the same."""
    return {name: _spread([trial[name] for trial in trials]) for name in trials[0]}


def _spread(values: Sequence[float]) -> dict[str, float]:
    return {"mean": rounded(float(np.mean(values))), "min": min(values), "max": max(values)}
