"""Where true members are lost on the way to a campaign: never seen, never a candidate, never reported."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from detectors.campaigns.candidates import GATES
from detectors.evaluation.judged import Judged
from detectors.evaluation.ranking import rounded
from detectors.evaluation.truth import NONE

BoolArray = npt.NDArray[np.bool_]


def gate_figures(judged: Judged) -> dict[str, Any]:
    """Give the section `gate`, in all and by fraud type."""
    truth = judged.truth
    silent = truth.silent.fraud_type
    everybody = np.ones(len(judged.gate), dtype=np.bool_)
    return {
        "candidates": int(judged.candidate.sum()),
        "candidates_by_gate": _by_gate(judged, everybody),
        **_funnel(judged, truth.fraud, len(silent)),
        "by_fraud_type": {
            name: _funnel(judged, of_type, int((silent == code).sum()))
            for code, (name, of_type) in enumerate(truth.fraud_type.rows())
        },
    }


def _funnel(judged: Judged, of: BoolArray, silent: int) -> dict[str, Any]:
    active, came_through = int(of.sum()), int((of & judged.candidate).sum())
    pairs, kept = _pairs(judged, of), _pairs(judged, of & judged.candidate)
    return {
        "silent": silent,
        "active": active,
        "lost_at_gate": active - came_through,
        "lost_share": rounded((active - came_through) / active) if active else None,
        "came_through_by": _by_gate(judged, of),
        "pairs": pairs,
        "pairs_lost_at_gate": pairs - kept,
        "pairs_lost_share": rounded((pairs - kept) / pairs) if pairs else None,
        "reported": int((of & (judged.reported != NONE)).sum()),
    }


def _by_gate(judged: Judged, of: BoolArray) -> dict[str, int]:
    return {name: int((of & (judged.gate == name)).sum()) for name in GATES}


def _pairs(judged: Judged, of: BoolArray) -> int:
    """Count the pairs of members of one ring: what exact links could find."""
    members = np.bincount(judged.truth.ring.of[of & (judged.truth.ring.of != NONE)])
    return int((members * (members - 1) // 2).sum())
