"""The world's own enforcement: operators block numbers some days after their calls begin, rarely an innocent one."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ingest.simulator.randomness import BoolArray, IntArray, lognormal
from ingest.simulator.settings import Hardness

FOREVER = 1 << 20  # days
SCHEDULE_SIGMA = 0.35
MISTAKEN = 0.0005  # of the look-alike numbers are blocked in a month


class Fates(NamedTuple):
    """What becomes of numbers once they are in use."""

    lasts: IntArray  # days from the first in use
    blocked: BoolArray  # by enforcement; else given up on schedule


def draw_fates(rng: np.random.Generator, count: int, hardness: Hardness, *, rotates: bool) -> Fates:
    """Draw how long fraudulent numbers last."""
    if not rotates:
        return Fates(np.full(count, FOREVER), np.zeros(count, dtype=np.bool_))
    caught = rng.geometric(hardness.blocked, count) if hardness.blocked else np.full(count, FOREVER)
    given_up = np.full(count, FOREVER)
    if hardness.rotation:
        given_up = np.maximum(lognormal(rng, count, hardness.rotation, SCHEDULE_SIGMA).round(), 1).astype(np.int64)
    return Fates(np.minimum(caught, given_up).astype(np.int64), caught <= given_up)


def mistakes(rng: np.random.Generator, count: int, days: int) -> tuple[IntArray, IntArray]:
    """Draw which of `count` innocent numbers are blocked, and on which day."""
    rows = np.flatnonzero(rng.random(count) < MISTAKEN * days / 30)
    return rows, rng.integers(1, max(days, 2), len(rows))
