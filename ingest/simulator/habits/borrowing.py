"""Innocents whose number a ring uses: which claims the truth makes of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ingest.simulator.organisations.claims import Claim
from ingest.simulator.randomness import IntArray
from ingest.simulator.rhythm import Day


def borrowed(days: Sequence[Day], slots: IntArray, campaign: IntArray, day: IntArray, role: str) -> tuple[Claim, ...]:
    """Give a claim for each campaign that uses numbers of innocents: each from the first to the last day of its use.

    slots, campaign (row) and day (index) are [n], a row for every use; a number may stand there several times.
    """
    return tuple(
        _claim(days, slots[campaign == row], row, day[campaign == row], role) for row in np.unique(campaign).tolist()
    )


def _claim(days: Sequence[Day], slots: IntArray, campaign: int, day: IntArray, role: str) -> Claim:
    numbers, at = np.unique(slots, return_inverse=True)
    first, last = np.full(len(numbers), len(days)), np.zeros(len(numbers), dtype=np.int64)
    np.minimum.at(first, at, day)
    np.maximum.at(last, at, day)
    since, until = (np.array([getattr(each, end) for each in days]) for end in ("start", "end"))
    return Claim(numbers, role, campaign, since[first], until[last], "abused")
