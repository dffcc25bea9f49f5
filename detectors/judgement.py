"""What a fraud module is given and what it answers, and the small words it builds its answer from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
Columns = Mapping[str, FloatArray]  # feature → value per node; NaN = not computable for this node
Thresholds = Mapping[str, float]


@dataclass(frozen=True)
class Fact:
    """How far each number meets one condition on one feature."""

    feature: str
    degree: FloatArray  # [n] 0..1; 1 = met


@dataclass(frozen=True)
class Judgement:
    """A module's answer for all numbers at once."""

    score: FloatArray  # [n] 0..1, geometric mean of the degrees
    holds: BoolArray  # [n] whether every fact is met
    facts: tuple[tuple[str, FloatArray], ...]  # (feature, contribution [n] 0..1: the fact's share of the score)


def at_least(columns: Columns, feature: str, threshold: float) -> Fact:
    """Met from `threshold` on; below it the degree falls in proportion; NaN meets nothing."""
    return Fact(feature, np.clip(np.nan_to_num(columns[feature]) / threshold, 0.0, 1.0))


def at_most(columns: Columns, feature: str, threshold: float) -> Fact:
    """Met up to `threshold`; above it the degree falls as threshold / value; NaN meets nothing."""
    values = columns[feature]
    above = np.divide(threshold, values, out=np.ones_like(values), where=values > threshold)
    return Fact(feature, np.where(np.isnan(values), 0.0, above))


def unless_unknown(columns: Columns, fact: Fact) -> Fact:
    """Let `fact` pass where its feature is not known: for facts that only clear a number, never accuse it."""
    return Fact(fact.feature, np.where(np.isnan(columns[fact.feature]), 1.0, fact.degree))


def judged(facts: Sequence[Fact]) -> Judgement:
    """Combine facts that must all be met."""
    degrees = np.stack([fact.degree for fact in facts])
    score = np.exp(np.mean(np.log(np.maximum(degrees, 1e-12)), axis=0))
    total = np.maximum(degrees.sum(axis=0), 1e-12)
    shares = tuple((fact.feature, degree / total) for fact, degree in zip(facts, degrees, strict=True))
    return Judgement(np.asarray(np.round(score, 9), dtype=np.float64), np.all(degrees >= 1.0, axis=0), shares)


def strongest(judgements: Sequence[Judgement]) -> Judgement:
    """Combine several ways to be of one fraud type: for each number the one that fits best.

    A way that holds goes before one that does not; facts of the other ways contribute nothing there.
    """
    rank = np.stack([j.score + j.holds for j in judgements])
    best = np.argmax(rank, axis=0)
    facts = [(name, np.where(best == i, share, 0.0)) for i, j in enumerate(judgements) for name, share in j.facts]
    merged = {name: np.sum([s for other, s in facts if other == name], axis=0) for name, _ in facts}
    score = np.take_along_axis(np.stack([j.score for j in judgements]), best[None], axis=0)[0]
    holds = np.any(np.stack([j.holds for j in judgements]), axis=0)
    return Judgement(score, holds, tuple(merged.items()))
