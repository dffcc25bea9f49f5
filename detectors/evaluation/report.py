"""The figures of a run beside the truth, in the shape that `ringfence evaluate` prints."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from configs import Settings
from detectors.evaluation.ranking import alerted, ranking_quality, rounded, share
from detectors.evaluation.rings import RingQuality, ring_quality
from detectors.evaluation.truth import NONE, NodeTruth, TruthError, lay_on, read_numbers
from detectors.results import Results
from graph.snapshot import Snapshot

NOT_BUILT = "not built"  # figures of what the product cannot do yet
IDENTITY = ("id_switches", "event_precision", "event_recall", "resurgence_recall")
FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


def evaluate(truth_dir: Path, snapshot: Snapshot, results: Results, settings: Settings) -> dict[str, Any]:
    """Judge a run by the truth files in `truth_dir`.

    A number is judged when it made or took a call in the window and the truth speaks of it; the others are counted.
    Shares are 0..1, or None where there is nothing to take a share of. Raises TruthError.
    """
    if results.snapshot != snapshot.id:
        raise TruthError(f"the results are of snapshot {results.snapshot}, not of {snapshot.id}; open the run's own")
    numbers = read_numbers(truth_dir)
    truth = lay_on(snapshot, numbers)
    risk = results.scores["risk"].to_numpy()
    rings = ring_quality(truth, results.members)
    return {
        "numbers": _numbers(truth, snapshot, risk, settings),
        "by_fraud_type": _by_fraud_type(truth, rings, risk, settings.verdicts.dangerous),
        "look_alikes": _look_alikes(truth, risk, settings.verdicts.dangerous),
        "campaigns": rings.as_json() | dict.fromkeys(IDENTITY, NOT_BUILT),
        "evidence": {"faithfulness": NOT_BUILT},
        "truth": _coverage(truth),
    }


def _numbers(truth: NodeTruth, snapshot: Snapshot, risk: FloatArray, settings: Settings) -> dict[str, Any]:
    known, innocent = truth.known, truth.known & ~truth.fraud
    alerts = alerted(risk, np.diff(snapshot.out.indptr), settings.verdicts.suspicious, settings.alerts.per_day)
    false = share(alerts, innocent)
    return ranking_quality(truth.fraud[known], risk[known]) | {
        "false_alerts_per_10k": None if false is None else rounded(10_000 * false),
        "alerts": int(alerts.sum()),
        "judged": int(known.sum()),
        "fraud": int(truth.fraud.sum()),
    }


def _by_fraud_type(truth: NodeTruth, rings: RingQuality, risk: FloatArray, dangerous: float) -> dict[str, Any]:
    return {
        name: {
            "numbers": int(of_type.sum()),
            "recall": share(risk >= dangerous, of_type),
            "rings_planted": len(planted := _rings_of_type(truth, code)),
            "rings_found": int(rings.found[planted].sum()),
        }
        for code, (name, of_type) in enumerate(truth.fraud_type.rows())
    }


def _rings_of_type(truth: NodeTruth, code: int) -> IntArray:
    active, silent = truth.ring.of[truth.fraud_type.of == code], truth.silent.ring[truth.silent.fraud_type == code]
    rings = np.concatenate([active, silent])
    return np.unique(rings[rings != NONE])


def _look_alikes(truth: NodeTruth, risk: FloatArray, dangerous: float) -> dict[str, float | None]:
    return {name: share(risk >= dangerous, of_kind) for name, of_kind in truth.look_alike.rows()}


def _coverage(truth: NodeTruth) -> dict[str, int]:
    return {
        "left_out": truth.left_out,
        "rings_left_out": truth.rings_left_out,
        "unknown": int((~truth.known).sum()),
    }
