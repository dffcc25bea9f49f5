"""Sums of whole numbers by group, exact whatever their size and order."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt


def sums(of: npt.NDArray[np.integer], values: npt.NDArray[np.generic], count: int) -> npt.NDArray[np.int64]:
    """Give the sum of `values` (whole numbers or flags) of each of `count` groups; `of`: the group of each value."""
    totals = np.zeros(count, dtype=np.int64)
    np.add.at(totals, of, values)
    return totals
