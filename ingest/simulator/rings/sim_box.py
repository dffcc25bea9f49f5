"""SIM box: calls from abroad are put through as local ones by gateways full of SIMs that never leave their cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ingest.simulator.calls import Calls, each, joined
from ingest.simulator.habits.worklists import WorkList, share_out
from ingest.simulator.land.country import Country
from ingest.simulator.organisations.claims import Claim
from ingest.simulator.organisations.organisation import Needs, Organisation, efforts
from ingest.simulator.outcomes import Talk, attempts, missed, ringing_back
from ingest.simulator.randomness import FloatArray, IntArray
from ingest.simulator.rhythm import HOUR, SECOND, Day, moments
from ingest.simulator.settings import Hardness

PER_DEVICE = 8  # a gateway holds tens of SIMs (Kouam, Viana, Tchana 2021, survey); fraud-types.md: at least 5
NEEDS = Needs(
    numbers="scattered", posts=(8, 32), works=0.85, per_device=PER_DEVICE, cells=2, entities=("device", "cell")
)

ATTEMPTS = (80, 150)  # of a SIM a day; fraud-types.md: at least 100
SPREAD = 4.0  # who has family abroad is called again and again, each time by another SIM
ANSWER = (0.45, 0.65)  # from box to box: detours lose calls
MEDIAN_S = (80, 190)  # of the talk, from box to box: conversations with family, cut short where the line is poor
TALK_SIGMA = 1.0
LATER_H = (0.0, 3.0)  # the day of the callers, west of here
PAUSE_S = (6, 45)  # of a SIM between two calls: simulated human behaviour makes it longer (Kouam et al. 2021)
RINGS_BACK = (0.01, 0.05)  # of the missed, to a SIM that takes no calls (in:out below 0.05-0.1, fraud-types.md)


@dataclass(frozen=True)
class SimBox:
    """Whom each SIM calls on which day, planned; a SIM is in one call at a time."""

    org: Organisation
    roles: Sequence[str]
    work: WorkList
    pause_s: FloatArray  # [posts]
    later_h: float
    answer: float
    talk: Talk
    rings_back: float
    claims: Sequence[Claim] = ()

    def calls(self, day: Day, rng: np.random.Generator) -> Calls:
        """Give the day's calls and what comes back, in vain."""
        put_through = joined(self._calls_of(int(post), day, rng) for post in self.org.at_work(day))
        back = ringing_back(
            rng, missed(put_through), share=self.rings_back, median_ms=HOUR, talk=self.talk, answer=0.02
        )
        return joined((put_through, back))

    def _calls_of(self, post: int, day: Day, rng: np.random.Generator) -> Calls:
        callee = self.work.of(day, post)
        wanted = np.sort(moments(rng, day, len(callee))) + int(self.later_h * HOUR)
        caller = np.full(len(callee), self.org.duty[day.index, post], dtype=np.int64)
        campaign = int(self.org.campaigns[day.index, post])
        calls = attempts(rng, caller, callee, wanted, answer=self.answer, talk=self.talk, campaign=campaign)
        pause = rng.exponential(self.pause_s[post] * SECOND, len(calls)).astype(np.int64)
        started = one_at_a_time(wanted, calls.ring_ms + calls.talk_ms + pause)
        return calls.but(started=started, cell=each(self._cell(post)))

    def _cell(self, post: int) -> int:
        """Give the cell of a SIM's gateway."""
        return int(self.org.cells[post // PER_DEVICE % len(self.org.cells)])


def one_at_a_time(wanted: IntArray, lasts: IntArray) -> IntArray:
    """Give the earliest starts at or after `wanted`, which ascends, of calls of which none begins before the last ends.

    Milliseconds. Started later than wanted by the time for which the line is busy: a running maximum over what is left
    of each wish when all earlier calls' time is taken off.
    """
    busy = np.cumsum(lasts) - lasts
    started: IntArray = np.maximum.accumulate(wanted - busy) + busy
    return started


def organise(org: Organisation, country: Country, hardness: Hardness, rng: np.random.Generator) -> SimBox:
    """Share the people who are called from abroad out among the SIMs."""
    daily = np.ceil(rng.integers(*ATTEMPTS, org.posts) * efforts(rng, org.posts, hardness)).astype(np.int64)
    work = share_out(rng, org, country.subscribers, daily, SPREAD)
    pause = rng.uniform(*PAUSE_S, org.posts) * hardness.patience
    talk = Talk(median_s=rng.uniform(*MEDIAN_S), sigma=TALK_SIGMA, short_share=0.1)
    later, answer, back = (float(rng.uniform(*span)) for span in (LATER_H, ANSWER, RINGS_BACK))
    return SimBox(org, ("sim",) * org.posts, work, pause, later, answer, talk, back)
