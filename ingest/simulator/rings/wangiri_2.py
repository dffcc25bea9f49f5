"""Wangiri 2.0: web forms ask companies to call back, and the numbers that they leave lie in a premium range."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ingest.simulator.calls import Calls, joined
from ingest.simulator.land.country import Country
from ingest.simulator.organisations.claims import Claim
from ingest.simulator.organisations.organisation import Needs, Organisation, efforts
from ingest.simulator.outcomes import Talk, at_once, attempts
from ingest.simulator.randomness import FloatArray, IntArray
from ingest.simulator.rhythm import HOUR, MINUTE, SECOND, Day
from ingest.simulator.settings import Hardness

NEEDS = Needs(
    numbers="premium",
    posts=(6, 20),
    works=0.9,
    calls=False,
    rotates=False,
    covered=False,
    per_device=0,
    entities=("range",),
)

COMPANIES = (6, 16)  # for ten numbers: those whose web forms the ring has found
ATTACKED = (0.35, 0.8)  # of them on a working day, from ring to ring
FORMS = (2, 9)  # filled in at one company on a day, each with the next number of the range (fraud-types.md)
FORMS_H = (8.5, 15.5)
DELAY_MIN = (15, 90)  # until somebody calls back, in the middle: minutes to hours (fraud-types.md)
EVERY_MIN = (3, 15)  # between two calls of a company
CLOSES_H = 19.0
ANSWER = 0.94  # by a machine that rings, holds, and lets one wait
MEDIAN_MIN = (4, 13)  # on hold, from ring to ring; harder rings let go sooner
TRIED_AGAIN = 0.2  # of the calls: the customer seemed to have been cut off


@dataclass(frozen=True)
class FormsRing:
    """Which companies are lured to which numbers."""

    org: Organisation
    roles: Sequence[str]
    companies: IntArray  # slots
    keen: FloatArray  # [companies] forms filled in, as a multiple
    attacked: float
    delay_min: float
    every_min: float
    talk: Talk
    claims: Sequence[Claim] = ()

    def calls(self, day: Day, rng: np.random.Generator) -> Calls:
        """Give the companies' calls of a day on which they work."""
        posts = self.org.at_work(day)
        lured = np.flatnonzero(rng.random(len(self.companies)) < self.attacked * day.offices)
        if not len(posts):
            return joined(())
        first = joined(self._called_back(int(company), posts, day, rng) for company in lured)
        first = first.where(first.started < day.start + CLOSES_H * HOUR)
        again = first.where(rng.random(len(first)) < TRIED_AGAIN)
        waited = (rng.uniform(*EVERY_MIN, len(again)) * MINUTE).astype(np.int64)
        return joined((first, again.but(started=again.started + again.ring_ms + again.talk_ms + waited)))

    def _called_back(self, company: int, posts: IntArray, day: Day, rng: np.random.Generator) -> Calls:
        """Let one company call back a run of adjacent numbers."""
        count = max(1, round(float(rng.integers(*FORMS) * self.keen[company])))
        post = posts[(int(rng.integers(len(posts))) + np.arange(count)) % len(posts)]
        asked = day.start + rng.uniform(*FORMS_H) * HOUR
        delay = self.delay_min * np.exp(0.6 * rng.standard_normal()) * MINUTE
        gaps = rng.exponential(self.every_min, count) * MINUTE
        started = (asked + delay + np.cumsum(gaps)).astype(np.int64)
        caller = np.full(count, self.companies[company])
        callee, campaign = self.org.duty[day.index, post], self.org.campaigns[day.index, post]
        calls = attempts(rng, caller, callee, started, answer=ANSWER, talk=self.talk, campaign=campaign)
        return at_once(rng, calls)


def organise(org: Organisation, country: Country, hardness: Hardness, rng: np.random.Generator) -> FormsRing:
    """Draw the companies, all on fixed lines, and how keenly each is lured."""
    count = max(3, round(float(rng.uniform(*COMPANIES)) * org.posts / 10))
    companies = np.unique(country.fixed[rng.integers(len(country.fixed), size=count)])
    talk = Talk(
        median_s=rng.uniform(*MEDIAN_MIN) * (MINUTE / SECOND) / hardness.talk,
        sigma=0.6,
        short_share=0.1,
        longest_s=2_400,
    )
    keen = efforts(rng, len(companies), hardness)
    delay, every = float(rng.uniform(*DELAY_MIN)), float(rng.uniform(*EVERY_MIN)) * hardness.patience
    return FormsRing(org, ("range",) * org.posts, companies, keen, float(rng.uniform(*ATTACKED)), delay, every, talk)
