"""Refiling (tromboning): a call leaves the country and comes back within seconds under another number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ingest.simulator.calls import Calls, joined
from ingest.simulator.land.country import Country
from ingest.simulator.organisations.claims import Claim
from ingest.simulator.organisations.organisation import Needs, Organisation, efforts
from ingest.simulator.outcomes import Talk, attempts
from ingest.simulator.randomness import FloatArray, IntArray
from ingest.simulator.rhythm import SECOND, Day, moments
from ingest.simulator.settings import Hardness

NEEDS = Needs(numbers="foreign", works=0.85, covered=False, per_device=0, trunks=1, entities=("trunk",))

ATTEMPTS = (25, 65)  # of a number that is put in the caller's place, a day
DETOUR_S = (1.5, 7.0)  # until the call is back; from ring to ring, and each call around that
LOST = (0.02, 0.12)  # of the calls do not come back, from ring to ring
ANSWER = (0.5, 0.72)
MEDIAN_S = (50, 120)  # of the talk: ordinary people talk
NEAR = 6.0  # how far friends are from each other in the order of people, in the mean


@dataclass(frozen=True)
class RefilingRing:
    """How many calls go round each number, and how long that takes."""

    org: Organisation
    roles: Sequence[str]
    people: IntArray  # slots, friends near each other
    daily: FloatArray  # [posts]
    detour_s: float
    lost: float
    seen: float  # share whose way out is in the records as well
    answer: float
    talk: Talk
    claims: Sequence[Claim] = ()

    def calls(self, day: Day, rng: np.random.Generator) -> Calls:
        """Give the calls as they leave, and as they come back by the ring's trunk."""
        posts = self.org.at_work(day)
        post = np.repeat(posts, np.maximum(rng.poisson(self.daily[posts]), 1))
        caller, callee = self._friends(rng, len(post))
        campaign = self.org.campaigns[day.index, post]
        starts = moments(rng, day, len(post))
        out = attempts(rng, caller, callee, starts, answer=self.answer, talk=self.talk, campaign=campaign)
        delay = (rng.normal(1, 0.15, len(out)).clip(0.5, 2) * self.detour_s * SECOND).astype(np.int64)
        back = out.but(
            caller=self.org.duty[day.index, post],
            started=out.started + delay,
            trunk=np.full(len(out), self.org.trunks[0]),
        )
        out = out.but(ring_ms=out.ring_ms + delay)
        comes_back = out.answered | (rng.random(len(out)) >= self.lost)
        return joined((out.where(rng.random(len(out)) < self.seen), back.where(comes_back)))

    def _friends(self, rng: np.random.Generator, count: int) -> tuple[IntArray, IntArray]:
        """Draw pairs of people who know each other."""
        one = rng.integers(len(self.people), size=count)
        other = (one + rng.choice((-1, 1), size=count) * rng.geometric(1 / NEAR, count)) % len(self.people)
        return self.people[one], self.people[other]


def organise(org: Organisation, country: Country, hardness: Hardness, rng: np.random.Generator) -> RefilingRing:
    """Draw how much goes round, by which detour; harder rings take more calls whose way out another carrier records."""
    daily = rng.integers(*ATTEMPTS, org.posts) * efforts(rng, org.posts, hardness)
    detour, lost, answer = (float(rng.uniform(*span)) for span in (DETOUR_S, LOST, ANSWER))
    talk = Talk(median_s=float(rng.uniform(*MEDIAN_S)), sigma=1.1, short_share=0.08)
    seen = 1 - hardness.disguised / 2
    roles = ("refiled",) * org.posts
    return RefilingRing(org, roles, country.people, daily, detour * hardness.patience**0.5, lost, seen, answer, talk)
