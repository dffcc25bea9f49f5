"""Where true members are lost on the way to a campaign: never seen, never a candidate, never reported."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from detectors.evaluation.judged import Judged
from detectors.evaluation.ranking import rounded
from detectors.evaluation.truth import NONE

BoolArray = npt.NDArray[np.bool_]


def gate_figures(judged: Judged) -> dict[str, Any]:
    """Give the section `gate`, in all and by fraud type."""
    truth = judged.truth
    silent = truth.silent.fraud_type
    return {
        "candidates": int(judged.candidate.sum()),
        **_funnel(judged, truth.fraud, len(silent)),
        "by_fraud_type": {
            name: _funnel(judged, of_type, int((silent == code).sum()))
            for code, (name, of_type) in enumerate(truth.fraud_type.rows())
        },
    }


def _funnel(judged: Judged, of: BoolArray, silent: int) -> dict[str, Any]:
    active, came_through = int(of.sum()), int((of & judged.candidate).sum())
    return {
        "silent": silent,
        "active": active,
        "lost_at_gate": active - came_through,
        "lost_share": rounded((active - came_through) / active) if active else None,
        "reported": int((of & (judged.reported != NONE)).sum()),
    }
