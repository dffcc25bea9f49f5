"""Wangiri: bursts of calls cut after one ring; some of the called ring back and stay on an expensive line."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ingest.simulator.calls import Calls, joined
from ingest.simulator.country import Country
from ingest.simulator.crew import Crew, efforts, overlapping_parts
from ingest.simulator.outcomes import Talk, missed, ringing_back
from ingest.simulator.randomness import IntArray
from ingest.simulator.rhythm import HOUR, MINUTE, SECOND, Day
from ingest.simulator.settings import Hardness

ONE_BLOCK = True
RESTS = False

BURSTS = (2, 4)  # of a member
ATTEMPTS = (110, 200)  # of a burst
LASTS_H = (0.7, 1.3)
STARTS_H = (7.0, 21.5)
LIST = 3.0  # victims of the ring for each victim of its busiest member
PICKED_UP = (0.005, 0.05)  # too fast for the ringing to be cut; from ring to ring
RINGS_BACK = (0.03, 0.07)  # from ring to ring
ON_THE_LINE = Talk(median_s=140, sigma=0.45, longest_s=360)


@dataclass(frozen=True)
class Burst:
    """One member's attempts within about an hour."""

    member: int  # slot
    day: int
    start_h: float
    lasts_h: float
    victims: IntArray


@dataclass(frozen=True)
class WangiriRing:
    """All bursts of a ring, planned."""

    campaign: int
    roles: tuple[str, ...]
    bursts: tuple[Burst, ...]
    picked_up: float
    rings_back: float

    def calls(self, day: Day, rng: np.random.Generator) -> Calls:
        """Give the day's bursts and the calls back."""
        rung = joined(self._burst(burst, day, rng) for burst in self.bursts if burst.day == day.index)
        back = ringing_back(
            rng, missed(rung), share=self.rings_back, median_ms=18 * MINUTE, talk=ON_THE_LINE, answer=0.95
        )
        return joined((rung, back))

    def _burst(self, burst: Burst, day: Day, rng: np.random.Generator) -> Calls:
        count = len(burst.victims)
        started = day.start + ((burst.start_h + burst.lasts_h * rng.random(count)) * HOUR).astype(np.int64)
        answered = rng.random(count) < self.picked_up
        talk = np.where(answered, rng.integers(1, 5, count) * SECOND, 0)
        member = np.full(count, burst.member, dtype=np.int64)
        campaign = np.full(count, self.campaign, dtype=np.int64)
        return Calls(member, burst.victims, started, answered, rng.integers(1_000, 3_001, count), talk, campaign)


def organise(crew: Crew, country: Country, hardness: Hardness, rng: np.random.Generator) -> WangiriRing:
    """Plan who rings whom in which burst; no member rings a victim twice."""
    bursts = rng.integers(*BURSTS, len(crew.members))
    effort = efforts(rng, len(crew.members), hardness)
    wanted = [np.ceil(rng.integers(*ATTEMPTS, n) * e).astype(np.int64) for n, e in zip(bursts, effort, strict=True)]
    sizes = np.array([int(part.sum()) for part in wanted])
    victims = rng.permutation(country.subscribers)[: int(LIST * sizes.max())]
    parts = overlapping_parts(rng, victims, sizes)
    planned = [
        burst
        for row, part in enumerate(parts)
        for burst in _bursts(rng, int(crew.members[row]), np.flatnonzero(crew.shifts[:, row]), part, wanted[row])
    ]
    roles = ("caller",) * len(crew.members)
    habits = float(rng.uniform(*PICKED_UP)), float(rng.uniform(*RINGS_BACK))
    return WangiriRing(crew.campaign, roles, tuple(planned), *habits)


def _bursts(rng: np.random.Generator, member: int, days: IntArray, victims: IntArray, sizes: IntArray) -> list[Burst]:
    pieces = np.split(victims, np.cumsum(sizes)[:-1])
    return [
        Burst(member, int(rng.choice(days)), float(rng.uniform(*STARTS_H)), float(rng.uniform(*LASTS_H)), piece)
        for piece in pieces
    ]
