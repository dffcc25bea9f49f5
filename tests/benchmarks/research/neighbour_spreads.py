"""How unlike each other a number's neighbours are, as further features beside what they are like on the mean."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_array

from detectors.judgement import Columns, FloatArray
from detectors.log_scale import signed_log1p

SUFFIX = "_spread"
PREFIX = "neighbours_"


def neighbour_spreads(features: Columns, tied: csr_array, names: Sequence[str]) -> dict[str, FloatArray]:
    """Give `neighbours_NAME_spread` for each of `names`: the standard deviation of its log over a node's neighbours.

    `tied` [n, n] is symmetric. A neighbour without a value counts as one with 0: that some have it and some have not
    is a difference too. 0 where there is no neighbour. Reads no label.
    """
    degrees = np.asarray(tied.sum(axis=1), dtype=np.float64)
    return {f"{PREFIX}{name}{SUFFIX}": _spread(features[name], tied, degrees) for name in names}


def _spread(values: FloatArray, tied: csr_array, degrees: FloatArray) -> FloatArray:
    logs = signed_log1p(np.nan_to_num(values))
    mean, squares = (_over(tied @ summed, degrees) for summed in (logs, logs**2))
    return np.sqrt(np.maximum(squares - mean**2, 0.0))


def _over(total: FloatArray, degrees: FloatArray) -> FloatArray:
    return np.divide(total, degrees, out=np.zeros(len(total)), where=degrees > 0)
