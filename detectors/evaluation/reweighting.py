"""How well scores rank fraud at its own share of the numbers, and as if its share were another.

Average precision depends on the share: the same detector does ten times worse where fraud is ten times rarer. Weights
on the two classes make worlds of different shares comparable; the ROC AUC does not depend on the share.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from sklearn.metrics import average_precision_score, roc_auc_score

from detectors.evaluation.ranking import rounded

BoolArray = npt.NDArray[np.bool_]
FloatArray = npt.NDArray[np.float64]
SHARE = 0.05  # of fraud, to which figures are re-weighted


def weights_at(share: float, fraud: BoolArray) -> FloatArray:
    """Give [n] weights, in sum 1, under which `share` of the weight is fraud."""
    count = int(fraud.sum())
    return np.where(fraud, share / count, (1.0 - share) / (len(fraud) - count))


def ranked(fraud: BoolArray, scores: FloatArray) -> dict[str, float]:
    """Give ROC AUC, average precision at the natural share, and at SHARE; both classes must be there."""
    return {
        "auc": rounded(roc_auc_score(fraud, scores)),
        "ap": rounded(average_precision_score(fraud, scores)),
        "ap_at_5pct": rounded(average_precision_score(fraud, scores, sample_weight=weights_at(SHARE, fraud))),
    }


def flagged_share(scores: FloatArray, count: int) -> FloatArray:
    """Give how likely each of [n] is among the `count` best, 0..1; equal scores at the edge share what is left."""
    edge = np.sort(scores)[-count]
    above, at = scores > edge, scores == edge
    return np.where(above, 1.0, np.where(at, (count - above.sum()) / at.sum(), 0.0))
