"""PBX hacking: strangers abroad try companies' switchboards, then let those call a premium range at night."""

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
from ingest.simulator.outcomes import Talk, at_once, attempts
from ingest.simulator.randomness import BoolArray, FloatArray, IntArray
from ingest.simulator.rhythm import HOUR, MINUTE, SECOND, Day, moments_between
from ingest.simulator.settings import Hardness

NEEDS = Needs(numbers="foreign", posts=(4, 12), works=0.8, covered=False, per_device=0, premium=20, entities=("range",))

PROBES = (15, 40)  # switchboards that a post tries a day; fraud-types.md: many short or failed calls come first
AT_TARGET = (3, 9)  # tries at the one that it is about to open, a day
PROBED = Talk(median_s=5, sigma=0.6, longest_s=30)
OPENED_AFTER = (1, 3)  # days of tries
EXPLOITED = (2, 5)  # nights until the company notices its bill (weekends and holidays last longer)
CALLS_A_NIGHT = (20, 55)  # of an account to the range
NIGHT_H = (20.0, 30.0)  # off hours; fraud-types.md: more than 0.8 of the calls
BY_DAY = (0.0, 0.15)  # of the calls, from ring to ring
BURSTS = 4  # a night, of calls at the same time: concurrency above the account's own p99 (fraud-types.md)
BURST_MIN = (4, 15)
MEDIAN_MIN = (5, 16)
BARRED = (0.02, 0.2)  # of the calls fail on the way


@dataclass(frozen=True)
class PbxRing:
    """Who tries which switchboards, and whose is open on which day, planned."""

    org: Organisation
    roles: Sequence[str]
    work: WorkList  # of probes
    accounts: IntArray  # [days, posts] slot of the switchboard that is tried or open
    is_open: BoolArray  # [days, posts]
    nightly: FloatArray  # [posts]
    by_day: float
    burst_min: float
    barred: float
    talk: Talk
    claims: Sequence[Claim]

    def calls(self, day: Day, rng: np.random.Generator) -> Calls:
        """Give the day's probing and the night's calls, which end in the next morning."""
        posts = self.org.at_work(day)
        tried = [self._probes(int(post), day, rng) for post in posts]
        return joined([*tried, *(self._night(int(post), day, rng) for post in posts[self.is_open[day.index, posts]])])

    def _probes(self, post: int, day: Day, rng: np.random.Generator) -> Calls:
        target = np.repeat(self.accounts[day.index, post], rng.integers(*AT_TARGET))
        callee = np.concatenate((self.work.of(day, post), target))
        caller = np.full(len(callee), self.org.duty[day.index, post], dtype=np.int64)
        started = moments_between(rng, day, len(callee), 17.0, 24.0)
        campaign = int(self.org.campaigns[day.index, post])
        return attempts(rng, caller, callee, started, answer=0.35, talk=PROBED, campaign=campaign)

    def _night(self, post: int, day: Day, rng: np.random.Generator) -> Calls:
        count = int(rng.poisson(self.nightly[post]))
        caller = np.full(count, self.accounts[day.index, post], dtype=np.int64)
        callee = self.org.premium[(len(self.org.premium) * rng.random(count) ** 1.5).astype(np.int64)]
        burst = rng.uniform(*NIGHT_H, BURSTS) * HOUR
        by_day = rng.random(count) < (0.5 if day.is_free else self.by_day)
        begin = np.where(by_day, rng.uniform(9, 20, count) * HOUR, rng.choice(burst, size=count))
        started = day.start + (begin + rng.uniform(0, self.burst_min * MINUTE, count)).astype(np.int64)
        campaign = int(self.org.campaigns[day.index, post])
        calls = attempts(rng, caller, callee, started, answer=1 - self.barred, talk=self.talk, campaign=campaign)
        return at_once(rng, calls)


def organise(org: Organisation, country: Country, hardness: Hardness, rng: np.random.Generator) -> PbxRing:
    """Draw the switchboards, when each is opened, and how hard it is used."""
    effort = efforts(rng, org.posts, hardness)
    probes = np.ceil(rng.integers(*PROBES, org.posts) * effort).astype(np.int64)
    accounts, is_open = _accounts(rng, org, country)
    talk = Talk(rng.uniform(*MEDIAN_MIN) * (MINUTE / SECOND) / hardness.talk, sigma=0.6, longest_s=3_600)
    by_day, burst, barred = (float(rng.uniform(*span)) for span in (BY_DAY, BURST_MIN, BARRED))
    return PbxRing(
        org=org,
        roles=("prober",) * org.posts,
        work=share_out(rng, org, country.fixed, probes),
        accounts=accounts,
        is_open=is_open,
        nightly=rng.integers(*CALLS_A_NIGHT, org.posts) * effort,
        by_day=by_day,
        burst_min=burst * hardness.patience**2,
        barred=barred,
        talk=talk,
        claims=_abused(country, org, accounts, is_open),
    )


def _abused(country: Country, org: Organisation, accounts: IntArray, is_open: BoolArray) -> tuple[Claim, ...]:
    """Claim each open switchboard for its days and the morning after the last."""
    day, post = np.nonzero(is_open & (org.duty >= 0))
    slots, campaign = accounts[day, post], org.campaigns[day, post]
    ends = np.minimum(day + 1, len(country.days) - 1)
    return borrowed(country.days, np.tile(slots, 2), np.tile(campaign, 2), np.concatenate((day, ends)), "pbx")


def _accounts(rng: np.random.Generator, org: Organisation, country: Country) -> tuple[IntArray, BoolArray]:
    """Draw switchboards that each post tries and then uses, one after the other; days off do not count."""
    tries = rng.integers(OPENED_AFTER[0], OPENED_AFTER[1] + 1, org.posts)
    cycle = tries + rng.integers(EXPLOITED[0], EXPLOITED[1] + 1, org.posts)
    worked = np.maximum((org.duty >= 0).cumsum(axis=0) - 1, 0)
    drawn = country.fixed[rng.integers(len(country.fixed), size=org.duty.shape)]
    return np.take_along_axis(drawn, worked // cycle, axis=0), worked % cycle >= tries
