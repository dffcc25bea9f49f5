"""Figures about single numbers: ranking, alerts, look-alikes, labels."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from detectors.evaluation.judged import Judged
from detectors.evaluation.ranking import ranking_quality, rounded, share
from detectors.evaluation.truth import LABELS
from graph.windows import DAY

BoolArray = npt.NDArray[np.bool_]
PER = 10_000


def number_figures(judged: Judged) -> dict[str, Any]:
    """Give the section `numbers`."""
    known, alerts = judged.truth.known, judged.alerted
    false = share(alerts, judged.innocent)
    return ranking_quality(judged.truth.fraud[known], judged.risk[known]) | {
        "false_alerts_per_10k": None if false is None else rounded(PER * false),
        "alerts": int(alerts.sum()),
        "alert_budget": judged.budget,
        "alerts_beyond_budget": len(judged.order) - int(alerts.sum()),
        "alert_precision": share(judged.truth.fraud, alerts & known),
        "alert_recall": share(alerts, judged.truth.fraud),
        "judged": int(known.sum()),
        "fraud": int(judged.truth.fraud.sum()),
    }


def raised_alerts(judged: Judged, raised: Sequence[int]) -> dict[str, Any]:
    """Give how many alerts were raised on the UTC days of the cuts `raised` (µs, one an alert), and on the busiest."""
    most = max(Counter(at // DAY for at in raised).values(), default=0)
    return {"raised": len(raised), "most_on_a_day": most, "within_budget": most <= judged.budget}


def label_figures(judged: Judged) -> dict[str, Any]:
    """Give, for each label of the truth, how many numbers have it and what became of them; only `fraud` is fraud."""
    return {label: _fate(judged, judged.truth.label == code) for code, label in enumerate(LABELS)}


def look_alike_figures(judged: Judged) -> dict[str, Any]:
    """Give, for each kind of innocent look-alike, how many numbers there are and what became of them."""
    return {kind: _fate(judged, of_kind) for kind, of_kind in judged.truth.look_alike.rows()}


def false_alert_shares(judged: Judged) -> dict[str, float | None]:
    """Give, for each kind of innocent look-alike, the share that is alerted at the operating point."""
    return {kind: share(judged.alerted, of_kind) for kind, of_kind in judged.truth.look_alike.rows()}


def _fate(judged: Judged, of: BoolArray) -> dict[str, int]:
    return {
        "numbers": int(of.sum()),
        "alerted": int((of & judged.alerted).sum()),
        "dangerous": int((of & judged.dangerous).sum()),
    }
