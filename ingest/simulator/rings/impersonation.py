"""Impersonation: openers work through a shared list in office hours; whoever is hooked is soon called by a closer."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ingest.simulator.calls import Calls, joined
from ingest.simulator.country import Country
from ingest.simulator.crew import Crew, efforts, overlapping_parts
from ingest.simulator.outcomes import Talk, attempts, missed, ringing_back
from ingest.simulator.randomness import IntArray
from ingest.simulator.rhythm import HOUR, MINUTE, Day, after, moments_between
from ingest.simulator.settings import Hardness

ONE_BLOCK = False
RESTS = True

CLOSERS = 0.3  # of the members
ATTEMPTS = (30, 60)  # of an opener a day
LIST = 3.0  # victims of the ring for each victim of its busiest opener
OPENING = Talk(median_s=130, sigma=0.6, short_share=0.62, short_s=(2, 19), longest_s=500)
MEDIAN_S, SHORT_SHARE = (90, 180), (0.45, 0.7)  # of the opening talk, from ring to ring
HOOKED_MS = 60_000  # who talks so long is worth a closer
CLOSER_WAITS_MIN = (3, 50)
CLOSING_MIN = (10, 40)
TRIED_AGAIN = 0.15  # of the missed


@dataclass(frozen=True)
class ImpersonationRing:
    """Who calls whom on which day, planned; closers follow from what happens."""

    crew: Crew
    roles: tuple[str, ...]
    closers: IntArray  # slots
    handoff: float
    lists: tuple[IntArray, ...]  # an opener's victims in the order of the calls
    daily: IntArray  # [openers] victims called on a day of work
    opening: Talk

    def calls(self, day: Day, rng: np.random.Generator) -> Calls:
        """Give the day's openings, second tries, closings and the few calls back."""
        first = joined(self._opening(int(row), day, rng) for row in np.flatnonzero(self._openers_at_work(day)))
        again = missed(first)
        again = again.where(rng.random(len(again)) < TRIED_AGAIN)
        later = after(rng, again.started, 1.5 * HOUR, 0.4)
        retried = attempts(
            rng, again.caller, again.callee, later, answer=0.5, talk=self.opening, campaign=self.crew.campaign
        )
        opened = joined((first, retried))
        back = ringing_back(rng, missed(first), share=0.04, median_ms=HOUR, talk=self.opening)
        return joined((opened, self._closing(opened, rng), back))

    def _openers_at_work(self, day: Day) -> IntArray:
        return self.crew.shifts[day.index, : len(self.lists)].astype(np.int64)

    def _opening(self, row: int, day: Day, rng: np.random.Generator) -> Calls:
        done = int(self.crew.shifts[: day.index, row].sum()) * int(self.daily[row])
        victims = self.lists[row][done : done + int(self.daily[row])]
        caller = np.full(len(victims), self.crew.members[row], dtype=np.int64)
        started = moments_between(rng, day, len(victims), 9.5, 17.5)
        return attempts(rng, caller, victims, started, answer=0.6, talk=self.opening, campaign=self.crew.campaign)

    def _closing(self, opened: Calls, rng: np.random.Generator) -> Calls:
        hooked = opened.where(opened.answered & (opened.talk_ms >= HOOKED_MS))
        hooked = hooked.where(rng.random(len(hooked)) < self.handoff)
        ended = hooked.started + hooked.ring_ms + hooked.talk_ms
        started = ended + (rng.uniform(*CLOSER_WAITS_MIN, len(hooked)) * MINUTE).astype(np.int64)
        closer = rng.choice(self.closers, size=len(hooked))
        calls = attempts(
            rng, closer, hooked.callee, started, answer=0.9, talk=self.opening, campaign=self.crew.campaign
        )
        talk = np.where(calls.answered, (rng.uniform(*CLOSING_MIN, len(calls)) * 60).astype(np.int64) * 1_000, 0)
        return Calls(closer, hooked.callee, started, calls.answered, calls.ring_ms, talk, calls.campaign)


def organise(crew: Crew, country: Country, hardness: Hardness, rng: np.random.Generator) -> ImpersonationRing:
    """Part the members into openers and closers and give each opener an overlapping part of the list."""
    openers = len(crew.members) - max(1, round(CLOSERS * len(crew.members)))
    daily = np.ceil(rng.integers(*ATTEMPTS, openers) * efforts(rng, openers, hardness)).astype(np.int64)
    sizes = daily * crew.days_worked[:openers]
    victims = rng.permutation(country.subscribers)[: int(LIST * sizes.max())]
    lists = tuple(overlapping_parts(rng, victims, sizes))
    roles = ("opener",) * openers + ("closer",) * (len(crew.members) - openers)
    opening = replace(OPENING, median_s=rng.uniform(*MEDIAN_S), short_share=rng.uniform(*SHORT_SHARE))
    return ImpersonationRing(crew, roles, crew.members[openers:], hardness.handoff, lists, daily, opening)
