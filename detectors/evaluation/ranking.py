"""How well scores rank the fraudulent before the innocent.

Everything is counted on levels: equal risks are one level, and so are all innocent numbers between two risks of
fraudulent ones, for no figure tells these apart. So a resample costs no new sort.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

BoolArray = npt.NDArray[np.bool_]
FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

FIGURES = ("auc", "ap", "precision_at_1pct", "precision_at_5pct", "recall_at_precision_90")
RECALLS = np.linspace(0.01, 1.0, 100)  # at which a precision-recall curve is drawn
_ROUNDING = 1e-9  # of a number: what sums of weights may be off


@dataclass(frozen=True)
class Levels:
    """Numbers on the levels of their risk, the highest first."""

    of: IntArray  # [n]
    count: int
    fraud: BoolArray  # [n]

    def of_some(self, rows: IntArray) -> Levels:
        """Give the same levels with only some of the numbers on them."""
        return Levels(self.of[rows], self.count, self.fraud[rows])

    def ranking(self, weight: FloatArray) -> Ranking:
        """Give the ranking in which each number counts `weight` times, [n]."""
        return Ranking(self._sums(weight * self.fraud), self._sums(weight * ~self.fraud))

    def _sums(self, weight: FloatArray) -> FloatArray:
        return np.bincount(self.of, weights=weight, minlength=self.count).astype(np.float64)


@dataclass(frozen=True)
class Ranking:
    """How many fraudulent and innocent numbers are on each level, [levels], both more than none in all."""

    fraud: FloatArray
    innocent: FloatArray

    @property
    def auc(self) -> float:
        """Area under the ROC curve; equal risks count half."""
        below = self.innocent.sum() - np.cumsum(self.innocent) + self.innocent / 2
        return float(self.fraud @ below / (self.fraud.sum() * self.innocent.sum()))

    @property
    def precision(self) -> FloatArray:
        """Precision of the threshold at each level; 1 above the first number."""
        caught, alarmed = np.cumsum(self.fraud), np.cumsum(self.fraud + self.innocent)
        precision = np.ones(len(caught))
        np.divide(caught, alarmed, out=precision, where=alarmed > 0)
        return precision

    @property
    def ap(self) -> float:
        """Average precision: the mean, over the fraudulent, of the precision at the level of each."""
        return float(self.fraud @ self.precision / self.fraud.sum())

    def precision_at(self, share: float) -> float:
        """Give the precision in the top `share` of the numbers (rounded up).

        Where equal risks straddle the edge, it is the mean over all ways to order them.
        """
        alarmed, caught = np.cumsum(self.fraud + self.innocent), np.cumsum(self.fraud)
        count = math.ceil(share * alarmed[-1] - _ROUNDING)
        return float(np.interp(count, np.append(0.0, alarmed), np.append(0.0, caught)) / count)

    def recall_at(self, precision: float) -> float:
        """Give the highest recall of any threshold whose precision is at least `precision`; 0 where there is none."""
        caught = np.cumsum(self.fraud)[self.precision >= precision]
        return float(caught.max(initial=0.0) / self.fraud.sum())

    def curve(self) -> FloatArray:
        """Give the precision at the highest threshold that reaches each of RECALLS."""
        wanted = RECALLS * self.fraud.sum() - _ROUNDING
        reached: FloatArray = self.precision[np.searchsorted(np.cumsum(self.fraud), wanted)]
        return reached

    def figures(self) -> FloatArray:
        """Give FIGURES."""
        tops = (self.precision_at(0.01), self.precision_at(0.05))
        return np.array([self.auc, self.ap, *tops, self.recall_at(0.9)])


def levels_of(fraud: BoolArray, risk: FloatArray) -> Levels:
    """Give the levels of [n] numbers."""
    at = np.unique(-risk[fraud])
    level = np.searchsorted(at, -risk, "left") + np.searchsorted(at, -risk, "right")
    return Levels(level, 2 * len(at) + 1, fraud)


def ranking_quality(fraud: BoolArray, risk: FloatArray) -> dict[str, float | None]:
    """Give AUC, AP, precision in the top 1 % and 5 %, and the recall at a precision of 0.9.

    `fraud` and `risk` are [n]. All values are None where one of the two classes is missing.
    """
    if not can_be_ranked(fraud):
        return dict.fromkeys(FIGURES)
    values = levels_of(fraud, risk).ranking(np.ones(len(risk))).figures()
    return {name: rounded(value) for name, value in zip(FIGURES, values, strict=True)}


def can_be_ranked(fraud: BoolArray) -> bool:
    """Tell whether there are both, fraudulent and innocent numbers."""
    return bool(fraud.any() and not fraud.all())


def alert_order(risk: FloatArray, exposure: IntArray, least_risk: float) -> IntArray:
    """Give the nodes from `least_risk` on, those first that are alerted first: by risk × exposure.

    Ties go to the higher risk, then to the smaller node, as in `detectors.alerts`.
    """
    suspects = np.flatnonzero(risk >= least_risk)
    worth = risk[suspects] * exposure[suspects]
    return suspects[np.lexsort((suspects, -risk[suspects], -worth))]


def within_budget(order: IntArray, weight: FloatArray, budget: int) -> FloatArray:
    """Give how much of each number's weight [n] is alerted when `budget` alerts are given out in `order`."""
    mine = weight[order]
    before = np.cumsum(mine) - mine
    alerted = np.zeros(len(weight))
    alerted[order] = np.clip(budget - before, 0.0, mine)
    return alerted


def share(part: BoolArray, of: BoolArray) -> float | None:
    """Give the share of `of` that is also `part`; None where `of` is empty."""
    whole = int(of.sum())
    return rounded(int((part & of).sum()) / whole) if whole else None


def rounded(value: float) -> float:
    """Round so that equal inputs print equally."""
    return round(float(value), 9)
