"""Neighbour spoofing: calls show a number that begins like the callee's own, so that they seem to come from near."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ingest.simulator.calls import Calls, joined
from ingest.simulator.habits.borrowing import borrowed
from ingest.simulator.habits.near_numbers import near, shares
from ingest.simulator.habits.worklists import WorkList, share_out
from ingest.simulator.land.country import Country
from ingest.simulator.land.numbering import BLOCK
from ingest.simulator.organisations.claims import Claim
from ingest.simulator.organisations.organisation import Needs, Organisation, efforts
from ingest.simulator.outcomes import Talk, attempts, missed, ringing_back
from ingest.simulator.randomness import IntArray
from ingest.simulator.rhythm import MINUTE, Day, moments_between
from ingest.simulator.settings import Hardness

NEEDS = Needs(numbers="unallocated", works=0.7, covered=False, per_device=0, trunks=1, entities=("trunk",))

ATTEMPTS = (25, 60)  # of a post a day, nearly all under numbers of innocents
BLOCKS = (5, 14)  # number blocks that a ring works through
OWN = (1, 4)  # calls a day under the post's own invented number; fraud-types.md: each number is used 1-3 times
NEAR = (0.65, 0.97)  # of the callees have a number like the caller's, from ring to ring; fraud-types.md: at least 0.5
ANSWER = (0.4, 0.6)  # a near number is answered more often than a strange one
MEDIAN_S, SHORT_SHARE = (20, 70), (0.3, 0.6)  # of the talk, from ring to ring
FROM_H, TO_H = (8.5, 11.0), (17.0, 20.0)
BACKSCATTER = (0.01, 0.06)
WRONG = Talk(median_s=18, sigma=0.6, longest_s=120)


@dataclass(frozen=True)
class Pairs:
    """Who is called under which number, a row a call."""

    day: IntArray
    post: IntArray
    shown: IntArray  # slot
    callee: IntArray  # slot


@dataclass(frozen=True)
class NeighbourRing:
    """Who is called under which number on which day, planned: the truth names all numbers shown."""

    org: Organisation
    roles: Sequence[str]
    pairs: Pairs
    hours: tuple[float, float]
    answer: float
    talk: Talk
    rings_back: float
    claims: Sequence[Claim]

    def calls(self, day: Day, rng: np.random.Generator) -> Calls:
        """Give the day's calls, all by the ring's trunk, and those back to the innocent."""
        rows = np.flatnonzero(self.pairs.day == day.index)
        campaign = self.org.campaigns[day.index, self.pairs.post[rows]]
        shown, callee = self.pairs.shown[rows], self.pairs.callee[rows]
        started = moments_between(rng, day, len(rows), *self.hours)
        calls = attempts(rng, shown, callee, started, answer=self.answer, talk=self.talk, campaign=campaign)
        back = ringing_back(rng, missed(calls), share=self.rings_back, median_ms=30 * MINUTE, talk=WRONG, answer=0.7)
        return joined((calls.but(trunk=np.full(len(rows), self.org.trunks[0])), back))


def organise(org: Organisation, country: Country, hardness: Hardness, rng: np.random.Generator) -> NeighbourRing:
    """Draw whom to call, and for each call a number like the callee's."""
    daily = np.ceil(rng.integers(*ATTEMPTS, org.posts) * efforts(rng, org.posts, hardness)).astype(np.int64)
    under_own = _under_own(rng, org, country)
    lent = _lent(rng, org, country, share_out(rng, org, _people(rng, country), daily))
    both = (
        np.concatenate((getattr(under_own, name), getattr(lent, name))) for name in ("day", "post", "shown", "callee")
    )
    talk = Talk(
        median_s=rng.uniform(*MEDIAN_S) * hardness.talk,
        sigma=0.7,
        short_share=rng.uniform(*SHORT_SHARE) / hardness.talk,
        short_s=(1, 15),
    )
    hours = float(rng.uniform(*FROM_H)), float(rng.uniform(*TO_H))
    answer, back = float(rng.uniform(*ANSWER)), float(rng.uniform(*BACKSCATTER))
    claims = borrowed(country.days, lent.shown, org.campaigns[lent.day, lent.post], lent.day, "spoofed")
    return NeighbourRing(org, ("spoofed",) * org.posts, Pairs(*both), hours, answer, talk, back, claims)


def _under_own(rng: np.random.Generator, org: Organisation, country: Country) -> Pairs:
    """Let the number that a post has made up call some of its neighbours."""
    day, post = np.nonzero(org.duty >= 0)
    count = rng.integers(*OWN, len(day))
    day, post = np.repeat(day, count), np.repeat(post, count)
    shown = org.duty[day, post]
    callee, found = near(rng, country, shown)
    return Pairs(day[found], post[found], shown[found], callee[found])


def _lent(rng: np.random.Generator, org: Organisation, country: Country, work: WorkList) -> Pairs:
    """Take a subscriber near the callee for most calls, and anyone for the others."""
    lists = [(day.index, int(post), work.of(day, int(post))) for day in country.days for post in org.at_work(day)]
    count = [len(callees) for _, _, callees in lists]
    day, post = (np.repeat(np.array([row[at] for row in lists], dtype=np.int64), count) for at in (0, 1))
    callee = np.concatenate([np.sort(callees) for _, _, callees in lists])
    neighbour, found = (column[shares(day, post, callee)] for column in near(rng, country, callee))
    anyone = country.subscribers[rng.integers(len(country.subscribers), size=len(callee))]
    near_by = found & (rng.random(len(callee)) < rng.uniform(*NEAR))
    shown = np.where(near_by, neighbour, anyone)
    ours = shown != callee
    return Pairs(day[ours], post[ours], shown[ours], callee[ours])


def _people(rng: np.random.Generator, country: Country) -> IntArray:
    """Draw the blocks that the ring works through, and give their subscribers."""
    block = country.subscribers // BLOCK
    chosen = rng.choice(np.unique(block), size=int(rng.integers(*BLOCKS)))
    people: IntArray = country.subscribers[np.isin(block, chosen)]
    return people
