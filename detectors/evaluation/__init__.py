"""Quality against ground truth.

evaluate(Path("world"), snapshot, results, settings)
"""

from __future__ import annotations

from detectors.evaluation.history import read_history
from detectors.evaluation.judged import lay_beside
from detectors.evaluation.not_built import NOT_BUILT
from detectors.evaluation.page import report_page
from detectors.evaluation.report import evaluate, figures
from detectors.evaluation.resamples import resampled
from detectors.evaluation.truth import TruthError

__all__ = [
    "NOT_BUILT",
    "TruthError",
    "evaluate",
    "figures",
    "lay_beside",
    "read_history",
    "report_page",
    "resampled",
]
