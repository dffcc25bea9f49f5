"""How well scores rank the fraudulent before the innocent."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
from sklearn.metrics import average_precision_score, precision_recall_curve, roc_auc_score

BoolArray = npt.NDArray[np.bool_]
FloatArray = npt.NDArray[np.float64]


def ranking_quality(fraud: BoolArray, risk: FloatArray) -> dict[str, float | None]:
    """Give AUC, AP, precision in the top 1 % and 5 %, and the recall at a precision of 0.9.

    `fraud` and `risk` are [n]. All values are None where one of the two classes is missing.
    """
    if fraud.all() or not fraud.any():
        return dict.fromkeys(("auc", "ap", "precision_at_1pct", "precision_at_5pct", "recall_at_precision_90"))
    return {
        "auc": rounded(roc_auc_score(fraud, risk)),
        "ap": rounded(average_precision_score(fraud, risk)),
        "precision_at_1pct": rounded(precision_at(fraud, risk, 0.01)),
        "precision_at_5pct": rounded(precision_at(fraud, risk, 0.05)),
        "recall_at_precision_90": rounded(recall_at_precision(fraud, risk, 0.9)),
    }


def precision_at(fraud: BoolArray, risk: FloatArray, share: float) -> float:
    """Give the precision in the top `share` of the numbers (rounded up).

    Where equal risks straddle the edge, it is the mean over all ways to order them.
    """
    count = math.ceil(share * len(risk))
    edge = np.sort(risk)[-count]
    above, at = risk > edge, risk == edge
    hits = fraud[above].sum() + (count - above.sum()) * fraud[at].mean()
    return float(hits / count)


def recall_at_precision(fraud: BoolArray, risk: FloatArray, least: float) -> float:
    """Give the highest recall of any threshold whose precision is at least `least`; 0 where there is none."""
    precision, recall, _ = precision_recall_curve(fraud, risk)
    return float(recall[precision >= least].max(initial=0.0))


def alerted(risk: FloatArray, exposure: npt.NDArray[np.int64], least_risk: float, budget: int) -> BoolArray:
    """Give who is alerted at the operating point: of those from `least_risk` on, the best by risk × exposure.

    Ties go to the higher risk, then to the smaller node, as in `detectors.alerts`.
    """
    suspects = np.flatnonzero(risk >= least_risk)
    worth = risk[suspects] * exposure[suspects]
    best = suspects[np.lexsort((suspects, -risk[suspects], -worth))][:budget]
    chosen = np.zeros(len(risk), dtype=np.bool_)
    chosen[best] = True
    return chosen


def share(part: BoolArray, of: BoolArray) -> float | None:
    """Give the share of `of` that is also `part`; None where `of` is empty."""
    whole = int(of.sum())
    return rounded(int((part & of).sum()) / whole) if whole else None


def rounded(value: float) -> float:
    """Round so that equal inputs print equally."""
    return round(float(value), 9)
