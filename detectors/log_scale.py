"""The log scale on which learned models see features: counts and seconds lose their long tails."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from detectors.judgement import FloatArray


def signed_log1p(values: npt.NDArray[np.floating]) -> FloatArray:
    """Give sign(x)·log1p(|x|): what is owed keeps its sign, NaN stays NaN."""
    return np.asarray(np.copysign(np.log1p(np.abs(values)), values), dtype=np.float64)


def signed_expm1(logs: npt.NDArray[np.floating]) -> FloatArray:
    """Give the values back of which `signed_log1p` are the logs."""
    return np.asarray(np.copysign(np.expm1(np.abs(logs)), logs), dtype=np.float64)
