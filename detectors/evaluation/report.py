"""The figures of a run beside the truth, in the shape that `ringfence evaluate` prints."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from configs import Settings
from detectors.evaluation.bootstrap import COVERAGE, LEAST_CLUSTERS, RESAMPLES, SEED, Interval, interval
from detectors.evaluation.calibration import reliability
from detectors.evaluation.gate import gate_figures
from detectors.evaluation.history import History
from detectors.evaluation.identity import identity_figures
from detectors.evaluation.judged import Judged, lay_beside
from detectors.evaluation.not_built import NOT_BUILT, NOT_BUILT_FIGURES, under
from detectors.evaluation.numbers import (
    false_alert_shares,
    label_figures,
    look_alike_figures,
    number_figures,
    raised_alerts,
)
from detectors.evaluation.ranking import share
from detectors.evaluation.resamples import Resamples, resampled
from detectors.evaluation.ring_intervals import found_interval, ring_intervals
from detectors.evaluation.rings import RingQuality, of_organisations, ring_quality
from detectors.evaluation.truth import NONE, NodeTruth
from detectors.results import Results
from graph.snapshot import Snapshot

IntArray = npt.NDArray[np.int64]


def evaluate(
    truth_dir: Path, snapshot: Snapshot, results: Results, settings: Settings, history: History | None = None
) -> dict[str, Any]:
    """Judge a run by the truth files in `truth_dir`, identity by the cuts in `history`; raises TruthError."""
    judged = lay_beside(truth_dir, snapshot, results, settings, history)
    return figures(judged, resampled(judged))


def figures(judged: Judged, draws: Resamples) -> dict[str, Any]:
    """Count everything.

    A number is judged when it made or took a call in the window and the truth speaks of it; the others are counted.
    Shares are 0..1, or None where there is nothing to take a share of.
    """
    rings = ring_quality(judged.truth, judged.reported)
    organisations = ring_quality(of_organisations(judged.truth, judged.family), judged.reported)
    return {
        "numbers": number_figures(judged),
        "labels": label_figures(judged),
        "by_fraud_type": _by_fraud_type(judged, rings),
        "look_alikes": false_alert_shares(judged),
        "look_alike_numbers": look_alike_figures(judged),
        "campaigns": rings.as_json() | under("campaigns"),
        "organisations": organisations.as_json(),
        "alerts": raised_alerts(judged, judged.history.alerts) if judged.history else None,
        "identity": identity_figures(judged.history, judged.events, judged.rows) if judged.history else None,
        "gate": gate_figures(judged),
        "evidence": under("evidence"),
        "calibration": {"calibrated": NOT_BUILT, "reliability": reliability(judged)},
        "intervals": {
            **_intervals(judged, rings, draws),
            "campaigns": ring_intervals(rings),
            "organisations": ring_intervals(organisations),
        },
        "not_built": dict(NOT_BUILT_FIGURES),
        "truth": _coverage(judged.truth),
    }


def _by_fraud_type(judged: Judged, rings: RingQuality) -> dict[str, Any]:
    return {
        name: {
            "numbers": int(of_type.sum()),
            "recall": share(judged.dangerous, of_type),
            "alerted_share": share(judged.alerted, of_type),
            "rings_planted": len(planted := rings_of_type(judged.truth, code)),
            "rings_found": int(rings.found[planted].sum()),
        }
        for code, (name, of_type) in enumerate(judged.truth.fraud_type.rows())
    }


def rings_of_type(truth: NodeTruth, code: int) -> IntArray:
    """Give the rows of the rings with a member of a fraud type, active or silent."""
    active, silent = truth.ring.of[truth.fraud_type.of == code], truth.silent.ring[truth.silent.fraud_type == code]
    rings = np.concatenate([active, silent])
    return np.unique(rings[rings != NONE])


def _intervals(judged: Judged, rings: RingQuality, draws: Resamples) -> dict[str, Any]:
    return {
        "coverage": COVERAGE,
        "resamples": RESAMPLES,
        "seed": SEED,
        "numbers": draws.of_numbers(),
        "by_fraud_type": {
            name: _of_type(rings, draws, code, rings_of_type(judged.truth, code))
            for code, name in enumerate(judged.truth.fraud_type.names)
        },
        "look_alikes": {
            name: interval(draws.look_alikes[:, code]) if of_kind.sum() >= LEAST_CLUSTERS else None
            for code, (name, of_kind) in enumerate(judged.truth.look_alike.rows())
        },
    }


def _of_type(rings: RingQuality, draws: Resamples, code: int, planted: IntArray) -> dict[str, Interval]:
    few = len(planted) < LEAST_CLUSTERS
    return {
        "recall": None if few else interval(draws.recall[:, code]),
        "alerted_share": None if few else interval(draws.alerted_share[:, code]),
        "rings_found": found_interval(rings.found[planted]),
    }


def _coverage(truth: NodeTruth) -> dict[str, int]:
    return {
        "left_out": truth.left_out,
        "rings_left_out": truth.rings_left_out,
        "unknown": int((~truth.known).sum()),
    }
