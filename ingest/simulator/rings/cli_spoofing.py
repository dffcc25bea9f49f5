"""CLI spoofing: calls come in from abroad under national numbers, invented ones or those of innocents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ingest.simulator.calls import Calls, joined
from ingest.simulator.habits.borrowing import borrowed
from ingest.simulator.habits.worklists import WorkList, share_out
from ingest.simulator.land.country import Country
from ingest.simulator.organisations.claims import Claim
from ingest.simulator.organisations.organisation import Needs, Organisation, efforts
from ingest.simulator.organisations.timeline import OFF
from ingest.simulator.outcomes import Talk, attempts, missed, ringing_back
from ingest.simulator.randomness import IntArray
from ingest.simulator.rhythm import MINUTE, Day, moments_between
from ingest.simulator.settings import Hardness

NEEDS = Needs(numbers="unallocated", works=0.7, covered=False, per_device=0, trunks=2, entities=("trunk",))

ATTEMPTS = (45, 100)  # of a post a day, under both its numbers
FROM_H, TO_H = (8.0, 11.0), (17.0, 20.5)  # from ring to ring
# Share of calls under an innocent's number; harder rings invent fewer, which fail checks against the plan.
INNOCENTS = (0.3, 0.6)
USED_FOR = (2, 6)  # days an innocent's number is used
ANSWER = (0.35, 0.55)  # people answer national numbers more than foreign ones
MEDIAN_S, SHORT_SHARE = (40, 120), (0.4, 0.7)  # of the talk, from ring to ring
BACKSCATTER = (0.05, 0.15)  # of the missed ring the number back, which has never called them
WRONG = Talk(median_s=18, sigma=0.6, longest_s=120)  # "you have called me" - "I have not"


@dataclass(frozen=True)
class SpoofingRing:
    """Who is called on which day, and under whose number, planned."""

    org: Organisation
    roles: Sequence[str]
    work: WorkList
    lenders: IntArray  # [days, posts] slot of the innocent whose number is used
    lent: float
    hours: tuple[float, float]
    answer: float
    talk: Talk
    rings_back: float
    trunks: IntArray  # rows by which the calls come in; the more often a row stands there, the more do
    claims: Sequence[Claim] = ()

    def calls(self, day: Day, rng: np.random.Generator) -> Calls:
        """Give the day's calls, and the angry ones to those who have the number."""
        made = joined(self._calls_of(int(post), day, rng) for post in self.org.at_work(day))
        made = made.but(trunk=self.trunks[rng.integers(len(self.trunks), size=len(made))])
        angry = ringing_back(rng, missed(made), share=self.rings_back, median_ms=25 * MINUTE, talk=WRONG, answer=0.7)
        return joined((made, angry))

    def _calls_of(self, post: int, day: Day, rng: np.random.Generator) -> Calls:
        lent = rng.random(len(self.work.of(day, post))) < self.lent
        shown = np.where(lent, self.lenders[day.index, post], self.org.duty[day.index, post])
        callee = self.work.of(day, post)
        started = moments_between(rng, day, len(callee), *self.hours)
        campaign = int(self.org.campaigns[day.index, post])
        calls = attempts(rng, shown, callee, started, answer=self.answer, talk=self.talk, campaign=campaign)
        return calls.where(calls.caller != calls.callee)


def organise(org: Organisation, country: Country, hardness: Hardness, rng: np.random.Generator) -> SpoofingRing:
    """Draw whom to call and whose numbers to show; harder rings lend more, and more comes in by ordinary gateways."""
    daily = np.ceil(rng.integers(*ATTEMPTS, org.posts) * efforts(rng, org.posts, hardness)).astype(np.int64)
    work = share_out(rng, org, country.subscribers, daily)
    lenders = _lenders(rng, org, country)
    talk = Talk(
        median_s=rng.uniform(*MEDIAN_S) * hardness.talk,
        sigma=0.8,
        short_share=rng.uniform(*SHORT_SHARE) / hardness.talk,
        short_s=(2, 19),
    )
    day, post = np.nonzero(org.duty != OFF)
    return SpoofingRing(
        org=org,
        roles=("spoofed",) * org.posts,
        work=work,
        lenders=lenders,
        lent=min(float(rng.uniform(*INNOCENTS)) * hardness.talk, 0.9),
        hours=(float(rng.uniform(*FROM_H)), float(rng.uniform(*TO_H))),
        answer=float(rng.uniform(*ANSWER)),
        talk=talk,
        rings_back=float(rng.uniform(*BACKSCATTER)),
        trunks=_ways_in(org, country, hardness),
        claims=borrowed(country.days, lenders[day, post], org.campaigns[day, post], day, "spoofed"),
    )


def _lenders(rng: np.random.Generator, org: Organisation, country: Country) -> IntArray:
    """Draw another innocent for each post every few days."""
    used_for = rng.integers(USED_FOR[0], USED_FOR[1] + 1, org.posts)
    drawn = country.subscribers[rng.integers(len(country.subscribers), size=org.duty.shape)]
    turn = np.arange(len(org.duty))[:, None] // used_for
    lenders: IntArray = np.take_along_axis(drawn, turn, axis=0)
    return lenders


def _ways_in(org: Organisation, country: Country, hardness: Hardness) -> IntArray:
    gateways = country.trunks.international
    own = round(len(gateways) * (2 / hardness.disguised - 1)) if hardness.disguised else 0
    return np.concatenate((np.resize(org.trunks, own), gateways)) if own else org.trunks
