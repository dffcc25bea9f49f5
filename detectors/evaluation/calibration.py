"""How often numbers of each risk are fraudulent: the risk as it is stated, taken as if it were a probability."""

from __future__ import annotations

from typing import Any

import numpy as np

from detectors.evaluation.judged import Judged
from detectors.evaluation.ranking import rounded

WIDTH = 10  # of a band of risk, of 100


def reliability(judged: Judged) -> list[dict[str, Any]]:
    """Give the bands of risk that have a judged number, lowest first, with how many there are and are fraudulent."""
    known = judged.truth.known
    band = np.minimum(judged.risk[known] // WIDTH, 100 // WIDTH - 1).astype(np.int64)
    numbers = np.bincount(band, minlength=100 // WIDTH)
    fraud = np.bincount(band, weights=judged.truth.fraud[known], minlength=100 // WIDTH)
    total = np.bincount(band, weights=judged.risk[known], minlength=100 // WIDTH)
    return [
        {
            "risk_from": WIDTH * at,
            "risk_to": WIDTH * (at + 1),
            "mean_risk": rounded(total[at] / numbers[at]),
            "numbers": int(numbers[at]),
            "fraud": int(fraud[at]),
            "fraud_share": rounded(fraud[at] / numbers[at]),
        }
        for at in np.flatnonzero(numbers).tolist()
    ]
