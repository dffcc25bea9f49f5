"""Rows in order: sorted by whole numbers, compared with their neighbours, summed over runs."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Bools = npt.NDArray[np.bool_]
Integers = npt.NDArray[np.int64]
Nodes = npt.NDArray[np.int32]
_LOW_BITS = 32
_BITS = 63
_LOW = (1 << _LOW_BITS) - 1


def in_order(keys: Integers, ties: npt.NDArray[np.integer]) -> tuple[Integers, Integers]:
    """Give the places of `keys` in ascending order, equal ones by `ties`, and the keys in this order.

    A stable sort merges runs: where rows nearly are in order it takes a fifth of the time, elsewhere no longer.
    """
    order = np.argsort(keys, kind="stable")
    ranked = keys[order]
    tied = touching(~changes(ranked))
    places = order[tied]
    order[tied] = places[np.lexsort((ties[places], ranked[tied]))]
    return order, ranked


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


def touching(follows: Bools) -> Bools:
    """Tell which rows belong with the one before or after; `follows` [rows]: which do with the one before."""
    rows = follows.copy()
    rows[:-1] |= follows[1:]
    return rows


def changes(values: npt.NDArray[np.integer]) -> Bools:
    """Tell which rows differ from the one before; the first does."""
    differ = np.ones(len(values), dtype=np.bool_)
    np.not_equal(values[1:], values[:-1], out=differ[1:])
    return differ


def run_sums(values: npt.NDArray[np.integer], counts: Integers) -> Integers:
    """Give the sums of runs of so many `values` each; whole numbers, exact where a run's own sum fits into 63 bits."""
    totals = np.concatenate(([0], np.cumsum(values, dtype=np.int64)))
    ends = np.cumsum(counts)
    found: Integers = totals[ends] - totals[ends - counts]
    return found


def packed(high: npt.NDArray[np.integer], low: npt.NDArray[np.integer]) -> Integers:
    """Give two whole numbers of 31 and 32 bits as one, which sorts as both do."""
    keys = high.astype(np.int64) << _LOW_BITS
    keys |= low
    return keys


def unpacked(keys: Integers) -> tuple[Nodes, Nodes]:
    """Give what was packed of two nodes."""
    return (keys >> _LOW_BITS).astype(np.int32), keys.astype(np.int32)  # the cast keeps the lower half


def upper(keys: Integers) -> Integers:
    """Give the first of what was packed."""
    return keys >> _LOW_BITS


def lower(keys: Integers) -> Integers:
    """Give the second of what was packed."""
    return keys & _LOW


def distinct(high: npt.NDArray[np.integer], low: npt.NDArray[np.integer]) -> tuple[Integers, Integers]:
    """Give the different pairs of whole numbers of 31 and 32 bits, sorted."""
    both = np.sort(packed(high, low))
    both = both[changes(both)]
    return upper(both), lower(both)
