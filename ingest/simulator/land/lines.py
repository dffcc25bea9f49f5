"""Lines: who holds which number from which day to which; people come, leave, and numbers are given out again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from ingest.simulator.randomness import BoolArray, IntArray

BORN_A_DAY = DIED_A_DAY = 0.001  # of the subscribers: about 3 % a month, as where prepaid SIMs prevail
QUARANTINE = 5  # days until a number is given out again; regulators ask for months, which short worlds do not last
RECYCLED = 0.5  # of the numbers given out anew had another holder before, as far as there are any
NOBODY = -1


@dataclass(frozen=True)
class Lines:
    """One row for everybody who holds a number for a time; rows of one number do not overlap."""

    slot: IntArray
    since: IntArray  # index of the first day
    until: IntArray  # index of the day after the last

    def there(self, day: int) -> BoolArray:
        """Tell who has the line on a day."""
        there: BoolArray = (self.since <= day) & (day < self.until)
        return there

    def on(self, day: int, slots: int) -> IntArray:
        """Give the row of each slot on a day, [slots]; NOBODY where there is none."""
        row = np.full(slots, NOBODY, dtype=np.int64)
        there = np.flatnonzero(self.there(day))
        row[self.slot[there]] = there
        return row


class Span(NamedTuple):
    """How long each of some lines lasts."""

    since: IntArray
    until: IntArray


def lifetimes(rng: np.random.Generator, count: int, days: int) -> Span:
    """Draw when lines begin and end: most are there before the first day and after the last."""
    since = np.where(rng.random(count) < BORN_A_DAY * days, rng.integers(days, size=count), 0)
    dying = rng.random(count) < DIED_A_DAY * days
    until = np.where(dying, rng.integers(1, days + 1, count), days)
    return Span(since, np.maximum(until, since + 1))


def recycled(rng: np.random.Generator, ended: Lines, begun: Lines, days: int) -> tuple[IntArray, IntArray]:
    """Draw rows of `begun` and the rows of `ended` whose numbers they get, each at most once.

    A number that has rested longest goes first.
    """
    free = np.flatnonzero(ended.until < days)
    free = free[np.argsort(ended.until[free], kind="stable")]
    new = np.flatnonzero((begun.since > QUARANTINE) & (rng.random(len(begun.since)) < RECYCLED))
    new = new[np.argsort(begun.since[new], kind="stable")]
    rested = np.searchsorted(ended.until[free], begun.since[new] - QUARANTINE, side="right")
    place = np.arange(len(new))
    given = place + np.minimum(np.minimum.accumulate(rested - place), 1)  # numbers given out up to each of `new`
    gets = np.diff(given, prepend=0) > 0
    return new[gets], free[given[gets] - 1]
