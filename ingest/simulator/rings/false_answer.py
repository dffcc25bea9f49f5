"""False answer supervision: a route to a range abroad answers at once by machine, so that failed calls are billed."""

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
from ingest.simulator.randomness import BoolArray
from ingest.simulator.rhythm import SECOND, Day, after, moments
from ingest.simulator.settings import Hardness

# The route is seen as its destination range: a record names the trunk by which a call comes in, not where it leaves.
NEEDS = Needs(
    numbers="foreign", works=0.9, calls=False, rotates=False, covered=False, per_device=0, entities=("range",)
)

CALLED = (8, 24)  # times a number of the range is called a day
SPREAD = 4.0
FALSELY = (0.55, 0.95)  # of the calls are answered by the route, from route to route; the others go through
FALSE_ASR = 0.97  # fraud-types.md: unusually high
MEDIAN_S = (5, 18)  # until one notices that nobody is there, from route to route
ANSWER = 0.55  # of the calls that go through
GENUINE = Talk(median_s=150, sigma=1.1, short_share=0.08)
AGAIN = (0.3, 0.6)  # of those who have heard nobody try again
AGAIN_S = 25


@dataclass(frozen=True)
class FalseRoute:
    """Who calls which number of the range on which day, planned."""

    org: Organisation
    roles: Sequence[str]
    work: WorkList  # of callers
    falsely: float
    heard: Talk
    again: float
    waits: float
    claims: Sequence[Claim] = ()

    def calls(self, day: Day, rng: np.random.Generator) -> Calls:
        """Give the day's calls, and second tries of who has heard nobody."""
        posts = self.org.at_work(day)
        caller = [self.work.of(day, int(post)) for post in posts]
        post = np.repeat(posts, [len(callers) for callers in caller])
        wanted = attempts(
            rng,
            np.concatenate(caller) if caller else post,
            self.org.duty[day.index, post],
            moments(rng, day, len(post)),
            answer=ANSWER,
            talk=GENUINE,
            campaign=self.org.campaigns[day.index, post],
        )
        false = rng.random(len(wanted)) < self.falsely
        first = self._routed(rng, wanted, false)
        again = np.flatnonzero(false & (rng.random(len(first)) < self.again))
        ended = first.started[again] + first.ring_ms[again] + first.talk_ms[again]
        later = wanted.where(again).but(started=after(rng, ended, AGAIN_S * self.waits * SECOND, 0.7))
        return joined((first, self._routed(rng, later, rng.random(len(later)) < self.falsely)))

    def _routed(self, rng: np.random.Generator, calls: Calls, false: BoolArray) -> Calls:
        """Let the route answer some calls in place of the callee; the others go through."""
        faked = attempts(rng, calls.caller, calls.callee, calls.started, answer=FALSE_ASR, talk=self.heard)
        faked = at_once(rng, faked)
        return calls.but(
            answered=np.where(false, faked.answered, calls.answered),
            ring_ms=np.where(false, faked.ring_ms, calls.ring_ms),
            talk_ms=np.where(false, faked.talk_ms, calls.talk_ms),
        )


def organise(org: Organisation, country: Country, hardness: Hardness, rng: np.random.Generator) -> FalseRoute:
    """Draw who calls the range; harder routes let more calls through and hold callers longer."""
    daily = np.ceil(rng.integers(*CALLED, org.posts) * efforts(rng, org.posts, hardness)).astype(np.int64)
    work = share_out(rng, org, country.subscribers, daily, SPREAD)
    heard = Talk(median_s=rng.uniform(*MEDIAN_S) * hardness.talk, sigma=0.6, longest_s=90)
    falsely = float(rng.uniform(*FALSELY)) * (1 - hardness.disguised / 3)
    again = float(rng.uniform(*AGAIN))
    return FalseRoute(org, ("range",) * org.posts, work, falsely, heard, again, hardness.patience)
