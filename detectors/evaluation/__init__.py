"""Quality against ground truth.

evaluate(Path("world"), snapshot, results, settings)
"""

from __future__ import annotations

from detectors.evaluation.report import NOT_BUILT, evaluate
from detectors.evaluation.truth import TruthError

__all__ = ["NOT_BUILT", "TruthError", "evaluate"]
