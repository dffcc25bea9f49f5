"""Robocalls: a dialler works through pieces of number blocks or a bought list, at its pace; few listen for long."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from ingest.simulator.calls import Calls, each, joined
from ingest.simulator.habits.rounds import daily_volume, machine_paced, market
from ingest.simulator.habits.worklists import WorkList, share_out
from ingest.simulator.land.country import Country
from ingest.simulator.land.numbering import BLOCK
from ingest.simulator.organisations.claims import Claim
from ingest.simulator.organisations.organisation import Needs, Organisation
from ingest.simulator.outcomes import Talk, attempts, missed, ringing_back
from ingest.simulator.randomness import BoolArray, FloatArray, IntArray
from ingest.simulator.rhythm import HOUR, MINUTE, SECOND, Day
from ingest.simulator.settings import Hardness

NEEDS = Needs(numbers="block", posts=(6, 24), entities=("range",))


class Dialler(NamedTuple):
    """How a machine dials; pairs are drawn from, ring by ring."""

    pace_s: tuple[float, float]  # between two attempts of a number
    jitter: tuple[float, float]  # of the pace, as a share
    listened: tuple[float, float]  # of the answered stay: "press one to speak to an officer"


# Most campaigns are small and many keep below what alarms: Prasad et al., Who's Calling?, USENIX Security 2020.
DIALLERS = (
    Dialler((14, 40), (0.04, 0.10), (0.02, 0.06)),
    Dialler((14, 40), (0.04, 0.10), (0.02, 0.06)),
    Dialler((60, 200), (0.10, 0.35), (0.04, 0.10)),
)
ATTEMPTS = (90, 160)  # of a number a day
PIECE = 40  # consecutive numbers
SKIPPED = 0.08  # of the numbers of a piece
LISTED = 0.6  # of the diallers that hide work through a bought list of numbers that exist
STARTS_H, LONGEST_H = (8.5, 12.5), 8.0  # of a session
ANSWER = (0.35, 0.6)  # from ring to ring
MEDIAN_S, SHORT_SHARE = (8, 28), (0.2, 0.45)  # of the talk, from ring to ring: some messages hold people longer
MESSAGE_S = 58  # nearly all calls stay below a minute: fraud-types.md
LISTENED_S = (60, 240)


@dataclass(frozen=True)
class RobocallRing:
    """Who dials which numbers on which day, planned."""

    org: Organisation
    roles: Sequence[str]
    held: BoolArray
    work: WorkList  # of pieces, or of numbers
    piece: int  # numbers in a row
    daily: IntArray  # [posts] numbers dialled on a day of work
    pace_s: FloatArray  # [posts]
    jitter: float
    answer: float
    heard: Talk
    listened: float
    claims: Sequence[Claim] = ()

    def calls(self, day: Day, rng: np.random.Generator) -> Calls:
        """Give the day's dialling and the few calls back."""
        dialled = joined(self._session(int(post), day, rng) for post in self.org.at_work(day))
        back = missed(dialled)
        back = back.where(self.held[back.callee])
        return joined(
            (dialled, ringing_back(rng, back, share=0.02, median_ms=30 * MINUTE, talk=self.heard, answer=0.7))
        )

    def _session(self, post: int, day: Day, rng: np.random.Generator) -> Calls:
        callee = self._numbers(rng, self.work.of(day, post))[: self.daily[post]]
        started = machine_paced(
            rng, day, len(callee), starts_h=STARTS_H, gap_s=float(self.pace_s[post]), jitter=self.jitter
        )
        caller = np.full(len(callee), self.org.duty[day.index, post], dtype=np.int64)
        return self._heard(rng, caller, callee, started).but(campaign=each(int(self.org.campaigns[day.index, post])))

    def _numbers(self, rng: np.random.Generator, targets: IntArray) -> IntArray:
        slots = (targets[:, None] * self.piece + np.arange(self.piece)).ravel()
        skipped = rng.random(len(slots)) < (SKIPPED if self.piece > 1 else 0.0)
        return slots[~skipped & ~np.isin(slots, self.org.numbers)]

    def _heard(self, rng: np.random.Generator, caller: IntArray, callee: IntArray, started: IntArray) -> Calls:
        chance: FloatArray = np.where(self.held[callee], self.answer, 0.0)
        calls = attempts(rng, caller, callee, started, answer=chance, talk=self.heard)
        listened = calls.answered & (rng.random(len(calls)) < self.listened)
        return calls.but(talk_ms=np.where(listened, rng.integers(*LISTENED_S, len(calls)) * SECOND, calls.talk_ms))


def organise(org: Organisation, country: Country, hardness: Hardness, rng: np.random.Generator) -> RobocallRing:
    """Draw the ring's dialler, and pieces of blocks or a list of which each post has an overlapping part."""
    dialler = DIALLERS[rng.integers(len(DIALLERS))]
    daily = daily_volume(rng, org, hardness, ATTEMPTS)
    listed = bool(rng.random() < LISTED * hardness.disguised)
    piece = 1 if listed else PIECE
    grid = country.subscribers if listed else np.arange(country.plan.mobile * BLOCK // PIECE)
    needed = daily if listed else -(-daily // int(PIECE * (1 - SKIPPED))) + 1
    pace = rng.uniform(*dialler.pace_s, org.posts) * hardness.patience
    return RobocallRing(
        org=org,
        roles=("caller",) * org.posts,
        held=country.held,
        work=share_out(rng, org, market(rng, org, grid, country.plan.regions[grid * piece // BLOCK], needed), needed),
        piece=piece,
        daily=daily,
        pace_s=np.minimum(pace, LONGEST_H * HOUR / SECOND / daily),
        jitter=float(rng.uniform(*dialler.jitter)),
        answer=float(rng.uniform(*ANSWER)),
        heard=_message(rng, hardness),
        listened=float(rng.uniform(*dialler.listened)),
    )


def _message(rng: np.random.Generator, hardness: Hardness) -> Talk:
    median, short = rng.uniform(*MEDIAN_S) * hardness.talk, rng.uniform(*SHORT_SHARE) / hardness.talk
    return Talk(float(median), 0.6, float(short), (1, 6), MESSAGE_S * max(1.0, hardness.talk / 1.2))
