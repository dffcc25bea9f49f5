"""Manners that differ from employer to employer, so that a trade has no volume and no length of talk of its own."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ingest.simulator.calls import SMS, Calls, each
from ingest.simulator.outcomes import TalkTime
from ingest.simulator.randomness import FloatArray, IntArray, lognormal
from ingest.simulator.rhythm import SECOND
from ingest.simulator.trades import Staff

DELIVERED = 0.985  # of the texts


@dataclass(frozen=True)
class Scaled:
    """Talk that is longer or shorter than another's by a factor of each call."""

    talk: TalkTime
    by: FloatArray  # [calls]

    def draw(self, rng: np.random.Generator, count: int) -> IntArray:
        """Draw whole seconds, in milliseconds; at least one second."""
        seconds = np.ceil(self.talk.draw(rng, count) * self.by / SECOND)
        return np.maximum(seconds, 1).astype(np.int64) * SECOND


def between(rng: np.random.Generator, staff: Staff, bounds: tuple[float, float]) -> FloatArray:
    """Draw a habit of each employer evenly between bounds, [employers]."""
    return rng.uniform(*bounds, staff.employers)


def volumes(rng: np.random.Generator, staff: Staff, bounds: tuple[float, float], sigma: float = 0.5) -> FloatArray:
    """Draw calls a day of each number, [members]: calm employers are more than busy ones, and their lines differ."""
    low, high = np.log(bounds).tolist()
    busy = np.exp(between(rng, staff, (low, high)))
    volume: FloatArray = busy[staff.employer] * lognormal(rng, len(staff.members), 1.0, sigma).clip(0.3, 2.0)
    return volume


def texted(rng: np.random.Generator, caller: IntArray, callee: IntArray, started: IntArray) -> Calls:
    """Give texts, most of them delivered."""
    nothing = np.zeros(len(caller), dtype=np.int64)
    return Calls(caller, callee, started, rng.random(len(caller)) < DELIVERED, nothing, nothing, kind=each(SMS))
