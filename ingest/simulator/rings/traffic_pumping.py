"""Traffic pumping: a small range draws very many long calls, by conference or chat lines that share the revenue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ingest.simulator.calls import Calls, joined
from ingest.simulator.habits.worklists import WorkList, share_out
from ingest.simulator.land.country import Country
from ingest.simulator.organisations.claims import Claim
from ingest.simulator.organisations.organisation import Needs, Organisation, efforts
from ingest.simulator.outcomes import Talk, at_once, attempts
from ingest.simulator.randomness import FloatArray
from ingest.simulator.rhythm import HOUR, MINUTE, SECOND, Day, moments
from ingest.simulator.settings import Hardness

# The numbers are only called: far beyond the 3:1 of terminating to originating minutes of the FCC's test (FCC 11-161).
NEEDS = Needs(numbers="fixed", works=0.9, calls=False, rotates=False, covered=False, per_device=0, entities=("range",))

CALLED = (30, 80)  # times a number is called a day
SPREAD = 1.6  # regulars call several numbers of the range
GROWTH = (0.02, 0.08)  # a day, from ring to ring; FCC 11-161: more than 100 % a year
MEDIAN_MIN = (9, 30)  # of the talk, from ring to ring: conferences, chats
ON_THE_HOUR = (0.0, 0.7)  # of the calls join at a full or half hour, from ring to ring
LATE_MIN = 4  # who joins is so late
ANSWER = 0.97  # by a bridge, at once
DROPPED = (0.05, 0.15)  # of the calls; who is dropped dials in again
AGAIN_S = (10, 90)


@dataclass(frozen=True)
class PumpedRange:
    """Who calls which number of the range on which day, planned."""

    org: Organisation
    roles: Sequence[str]
    work: WorkList  # of callers
    share: FloatArray  # [days] of the planned calls that are made
    on_the_hour: float
    dropped: float
    talk: Talk
    claims: Sequence[Claim] = ()

    def calls(self, day: Day, rng: np.random.Generator) -> Calls:
        """Give the day's calls to the range."""
        first = joined(self._to(int(post), day, rng) for post in self.org.at_work(day))
        first = first.where(rng.random(len(first)) < self.share[day.index])
        again = first.where(first.answered & (rng.random(len(first)) < self.dropped))
        waited = (rng.uniform(*AGAIN_S, len(again)) * SECOND).astype(np.int64)
        return joined((first, again.but(started=again.started + again.ring_ms + again.talk_ms + waited)))

    def _to(self, post: int, day: Day, rng: np.random.Generator) -> Calls:
        caller = self.work.of(day, post)
        callee = np.full(len(caller), self.org.duty[day.index, post], dtype=np.int64)
        campaign = int(self.org.campaigns[day.index, post])
        calls = attempts(
            rng, caller, callee, self._starts(rng, day, len(caller)), answer=ANSWER, talk=self.talk, campaign=campaign
        )
        return at_once(rng, calls)

    def _starts(self, rng: np.random.Generator, day: Day, count: int) -> np.ndarray:
        any_time = moments(rng, day, count)
        half_hours = day.start + (any_time - day.start) // (HOUR // 2) * (HOUR // 2)
        joins = half_hours + rng.exponential(LATE_MIN * MINUTE, count).astype(np.int64)
        return np.where(rng.random(count) < self.on_the_hour, joins, any_time)


def organise(org: Organisation, country: Country, hardness: Hardness, rng: np.random.Generator) -> PumpedRange:
    """Draw who calls the range, and how it grows."""
    daily = np.ceil(rng.integers(*CALLED, org.posts) * efforts(rng, org.posts, hardness)).astype(np.int64)
    work = share_out(rng, org, country.subscribers, daily, SPREAD)
    growth, on_the_hour, dropped = (float(rng.uniform(*span)) for span in (GROWTH, ON_THE_HOUR, DROPPED))
    days_left = np.arange(len(country.days))[::-1]
    median = rng.uniform(*MEDIAN_MIN) * (MINUTE / SECOND) / hardness.talk
    talk = Talk(median, sigma=0.9, short_share=0.1, longest_s=4 * HOUR / SECOND)
    share = (1 + growth) ** -(days_left / hardness.patience)
    return PumpedRange(org, ("range",) * org.posts, work, share, on_the_hour, dropped, talk)
