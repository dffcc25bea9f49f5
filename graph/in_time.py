"""The order of rows in time within groups."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from graph.sorted_rows import changes, touching

Integers = npt.NDArray[np.int64]
_BITS = 63


def in_time(group: npt.NDArray[np.integer], at: Integers, *ties: npt.NDArray[np.generic]) -> Integers:
    """Give the order of rows by group (0 or more), then instant, then `ties`.

    Group and instant are sorted as one number. Where both do not fit into it, low bits of the instant are left out;
    rows that are equal by it, few as a rule, are sorted once more by all that there is.
    """
    if not len(group):
        return np.empty(0, dtype=np.int64)
    since = at - at.min()
    left = _BITS - int(group.max()).bit_length()
    keys = group.astype(np.int64) << left
    keys |= since >> max(int(since.max()).bit_length() - left, 0)
    order = np.argsort(keys, kind="stable")  # quick where rows come by group
    equal = np.flatnonzero(touching(~changes(keys[order])))
    rows = order[equal]
    order[equal] = rows[np.lexsort((*(tie[rows] for tie in reversed(ties)), at[rows], group[rows]))]
    return order
