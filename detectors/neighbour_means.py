"""Named aggregates of a number's neighbours, as further features: what those it is tied to are like."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array, csr_array

from detectors.judgement import Columns, FloatArray
from detectors.log_scale import signed_expm1, signed_log1p

PREFIX = "neighbours_"


def links(count: int, a: npt.NDArray[np.integer], b: npt.NDArray[np.integer]) -> csr_array:
    """Give who is tied to whom among `count` nodes, [count, count], both ways, each pair once, nobody to itself."""
    apart = a != b
    ends = np.concatenate([a[apart], b[apart]]), np.concatenate([b[apart], a[apart]])
    tied = coo_array((np.ones(len(ends[0])), ends), shape=(count, count)).tocsr()
    tied.data[:] = 1.0  # pairs that were given more than once have been added up
    return tied


def neighbour_means(features: Columns, tied: csr_array, names: Sequence[str]) -> dict[str, FloatArray]:
    """Give `neighbours_NAME` for each of `names`: the mean of its log over a node's neighbours, as a value again.

    The log is sign(x)·log1p(|x|), as the boosted trees see it. Neighbours without a value do not count; NaN where no
    neighbour has one.
    """
    return {f"{PREFIX}{name}": _mean(features[name], tied) for name in names}


def _mean(values: FloatArray, tied: csr_array) -> FloatArray:
    known = ~np.isnan(values)
    logs = np.where(known, signed_log1p(values), 0.0)
    total, count = tied @ logs, tied @ known.astype(np.float64)
    mean = np.divide(total, count, out=np.full(len(values), np.nan), where=count > 0)
    return signed_expm1(mean)
