"""Flash calls: codes are delivered for nothing, as the last digits of a number that rings once from a leased range."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ingest.simulator.calls import Calls, each, joined
from ingest.simulator.habits.worklists import WorkList, share_out
from ingest.simulator.land.country import Country
from ingest.simulator.organisations.claims import Claim
from ingest.simulator.organisations.organisation import Needs, Organisation, efforts
from ingest.simulator.outcomes import Talk, missed, ringing_back
from ingest.simulator.randomness import BoolArray
from ingest.simulator.rhythm import HOUR, SECOND, Day, moments
from ingest.simulator.settings import Hardness

NEEDS = Needs(
    numbers="foreign", posts=(6, 24), works=0.9, covered=False, per_device=0, trunks=1, entities=("range", "trunk")
)

ATTEMPTS = (50, 130)  # of a number a day
SPREAD = 9.0  # who signs up somewhere is called once or twice, by another number each time (fraud-types.md)
RINGS_MS = (1_000, 3_001)  # fraud-types.md; some apps wait longer for the code to be read
RING_ON = (1.0, 2.2)  # from ring to ring
PICKED_UP = (0.002, 0.03)  # too fast; from ring to ring
AGAIN = (0.05, 0.25)  # asked for a second code, from ring to ring
AGAIN_S = (30, 150)
RINGS_BACK = 0.002  # next to nobody (fraud-types.md: none)
WONDERING = Talk(median_s=4, sigma=0.5, longest_s=20)


@dataclass(frozen=True)
class FlashCallRing:
    """Who is called by which number of the range on which day, planned."""

    org: Organisation
    roles: Sequence[str]
    work: WorkList
    ring_on: float
    picked_up: float
    again: float
    waits: float
    leased: float  # share that comes in by its own trunk
    claims: Sequence[Claim] = ()

    def calls(self, day: Day, rng: np.random.Generator) -> Calls:
        """Give the day's codes, those asked for again, and the odd call back."""
        first = joined(self._codes(int(post), day, rng) for post in self.org.at_work(day))
        codes = joined((first, self._asked_again(first, day, rng)))
        own = rng.random(len(codes)) < self.leased
        codes = codes.but(trunk=np.where(own, self.org.trunks[0], -1))
        return joined((codes, ringing_back(rng, missed(codes), share=RINGS_BACK, median_ms=HOUR, talk=WONDERING)))

    def _codes(self, post: int, day: Day, rng: np.random.Generator) -> Calls:
        callee = self.work.of(day, post)
        count = len(callee)
        picked_up: BoolArray = rng.random(count) < self.picked_up
        return Calls(
            caller=np.full(count, self.org.duty[day.index, post]),
            callee=callee,
            started=moments(rng, day, count),
            answered=picked_up,
            ring_ms=(rng.integers(*RINGS_MS, count) * self.ring_on).astype(np.int64),
            talk_ms=np.where(picked_up, rng.integers(1, 4, count) * SECOND, 0),
            campaign=each(int(self.org.campaigns[day.index, post])),
        )

    def _asked_again(self, first: Calls, day: Day, rng: np.random.Generator) -> Calls:
        """Let another number of the range give a second code; none is picked up."""
        calls = missed(first)
        calls = calls.where(rng.random(len(calls)) < self.again)
        posts = self.org.at_work(day)
        post = rng.choice(posts, size=len(calls)) if len(calls) else posts[:0]
        waited = (rng.uniform(*AGAIN_S, len(calls)) * self.waits * SECOND).astype(np.int64)
        return calls.but(
            caller=self.org.duty[day.index, post],
            campaign=self.org.campaigns[day.index, post],
            started=calls.started + waited,
        )


def organise(org: Organisation, country: Country, hardness: Hardness, rng: np.random.Generator) -> FlashCallRing:
    """Draw who signs up, and how the service rings."""
    daily = np.ceil(rng.integers(*ATTEMPTS, org.posts) * efforts(rng, org.posts, hardness)).astype(np.int64)
    work = share_out(rng, org, country.subscribers, daily, SPREAD)
    ring_on, picked_up, again = (float(rng.uniform(*span)) for span in (RING_ON, PICKED_UP, AGAIN))
    leased = 1 - hardness.disguised / 2
    return FlashCallRing(org, ("caller",) * org.posts, work, ring_on, picked_up, again, hardness.patience, leased)
