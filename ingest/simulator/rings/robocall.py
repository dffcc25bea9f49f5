"""Robocalls: a dialler works through pieces of number blocks at an even pace; few listen for long."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ingest.simulator.calls import Calls, joined
from ingest.simulator.country import Country
from ingest.simulator.crew import Crew, efforts, overlapping_parts
from ingest.simulator.numbering import BLOCK
from ingest.simulator.outcomes import Talk, attempts, missed, ringing_back
from ingest.simulator.randomness import BoolArray, FloatArray, IntArray
from ingest.simulator.rhythm import HOUR, MINUTE, SECOND, Day
from ingest.simulator.settings import Hardness

ONE_BLOCK = True
RESTS = False

ATTEMPTS = (90, 160)  # of a member a day
PIECE = 40  # consecutive numbers
LIST = 3.0  # pieces of the ring for each piece of its busiest member
SKIPPED = 0.08  # of the numbers of a piece
PACE_S = (14, 40)  # between two attempts of a member
PACE_JITTER = 0.06
STARTS_H = (8.5, 18.0)
ANSWER = 0.45
HEARD = Talk(median_s=13, sigma=0.6, short_share=0.38, short_s=(1, 6), longest_s=58)
MEDIAN_S, SHORT_SHARE = (8, 24), (0.2, 0.45)  # of the talk, from ring to ring: some messages hold people longer
LISTENED = 0.04  # of the answered stay longer
LISTENED_S = (60, 200)


@dataclass(frozen=True)
class RobocallRing:
    """Who dials which numbers on which day, planned."""

    crew: Crew
    roles: tuple[str, ...]
    held: BoolArray
    lists: tuple[IntArray, ...]  # a member's numbers, in the order in which they are dialled
    daily: IntArray  # [m] numbers dialled on a day of work
    pace_s: FloatArray  # [m]
    heard: Talk

    def calls(self, day: Day, rng: np.random.Generator) -> Calls:
        """Give the day's dialling and the few calls back."""
        dialled = joined(self._session(int(row), day, rng) for row in np.flatnonzero(self.crew.shifts[day.index]))
        back = missed(dialled)
        back = back.where(self.held[back.callee])
        return joined(
            (dialled, ringing_back(rng, back, share=0.02, median_ms=30 * MINUTE, talk=self.heard, answer=0.7))
        )

    def _session(self, row: int, day: Day, rng: np.random.Generator) -> Calls:
        done = int(self.crew.shifts[: day.index, row].sum()) * int(self.daily[row])
        callee = self.lists[row][done : done + int(self.daily[row])]
        gaps = self.pace_s[row] * (1 + PACE_JITTER * rng.standard_normal(len(callee)))
        begin = day.start + int(rng.uniform(*STARTS_H) * HOUR)
        started = begin + (np.cumsum(gaps) * SECOND).astype(np.int64)
        caller = np.full(len(callee), self.crew.members[row], dtype=np.int64)
        return self._heard(rng, caller, callee, started)

    def _heard(self, rng: np.random.Generator, caller: IntArray, callee: IntArray, started: IntArray) -> Calls:
        alive = self.held[callee]
        chance: FloatArray = np.where(alive, ANSWER, 0.0)
        calls = attempts(rng, caller, callee, started, answer=chance, talk=self.heard, campaign=self.crew.campaign)
        listened = calls.answered & (rng.random(len(calls)) < LISTENED)
        talk = np.where(listened, rng.integers(*LISTENED_S, len(calls)) * SECOND, calls.talk_ms)
        ring = np.where(alive, calls.ring_ms, 0)
        return Calls(caller, callee, started, calls.answered, ring, talk, calls.campaign)


def organise(crew: Crew, country: Country, hardness: Hardness, rng: np.random.Generator) -> RobocallRing:
    """Draw the ring's pieces of blocks and give each member an overlapping part of them."""
    effort = efforts(rng, len(crew.members), hardness)
    daily = np.ceil(rng.integers(*ATTEMPTS, len(crew.members)) * effort).astype(np.int64)
    pieces = -(-daily * crew.days_worked // int(PIECE * (1 - SKIPPED)))
    grid = np.arange(country.plan.mobile * BLOCK // PIECE)
    shared = rng.permutation(grid)[: int(LIST * pieces.max())]
    lists = [_numbers(rng, part, crew.members) for part in overlapping_parts(rng, shared, pieces)]
    pace = rng.uniform(*PACE_S, len(crew.members))
    heard = replace(HEARD, median_s=rng.uniform(*MEDIAN_S), short_share=rng.uniform(*SHORT_SHARE))
    return RobocallRing(crew, ("caller",) * len(crew.members), country.held, tuple(lists), daily, pace, heard)


def _numbers(rng: np.random.Generator, pieces: IntArray, members: IntArray) -> IntArray:
    slots = (pieces[:, None] * PIECE + np.arange(PIECE)).ravel()
    return slots[(rng.random(len(slots)) >= SKIPPED) & ~np.isin(slots, members)]
