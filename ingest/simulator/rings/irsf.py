"""Premium-rate fraud (IRSF): several accounts call one range abroad, long and at weekends, after a few test calls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ingest.simulator.calls import Calls, joined
from ingest.simulator.land.country import Country
from ingest.simulator.organisations.claims import Claim
from ingest.simulator.organisations.organisation import Needs, Organisation, efforts
from ingest.simulator.outcomes import Talk, at_once, attempts
from ingest.simulator.randomness import FloatArray
from ingest.simulator.rhythm import HOUR, MINUTE, Day, moments
from ingest.simulator.settings import Hardness

NEEDS = Needs(numbers="scattered", posts=(6, 16), works=0.85, premium=24, entities=("range",))

ATTEMPTS = (20, 50)  # of an account on a full day
# About 80 % lies between Friday night and Monday, when nobody watches (fraud-types.md).
# By weekday: from hour, to hour, share of a full day.
WEEKEND: dict[int, tuple[float, float, float]] = {4: (19, 24, 0.5), 5: (0, 24, 1), 6: (0, 24, 1), 0: (0, 7, 0.4)}
ON_OTHER_DAYS = (0.02, 0.1)  # of a full day, from ring to ring
BURSTS = 2  # of an account a day
BURST_H = (1.0, 3.5)
MEDIAN_MIN = (9, 22)  # fraud-types.md: above 10-20; harder rings hang up sooner, as people do
ANSWER = 0.93  # by machine, at once; the others are barred on the way
TESTS = 1.5  # calls to the range's test numbers on a day before, and one more
# The first of the range; sellers publish them, and they are tried before an attack (C. Yates, in Commsrisk).
TEST_NUMBERS = 2
TESTED = Talk(median_s=7, sigma=0.6, longest_s=40)


@dataclass(frozen=True)
class IrsfRing:
    """Which account calls how much, and which numbers of the range pay best."""

    org: Organisation
    roles: Sequence[str]
    daily: FloatArray  # [posts] calls on a full day
    on_other_days: float
    burst_h: float
    talk: Talk
    claims: Sequence[Claim] = ()

    def calls(self, day: Day, rng: np.random.Generator) -> Calls:
        """Give the day's calls to the range and, outside the weekend, the tests."""
        posts = self.org.at_work(day)
        tests = [] if day.date.weekday() in WEEKEND else [self._tests(int(post), day, rng) for post in posts]
        return joined([*tests, *(self._pumped(int(post), day, rng) for post in posts)])

    def _tests(self, post: int, day: Day, rng: np.random.Generator) -> Calls:
        count = 1 + int(rng.poisson(TESTS))
        return self._to_range(rng, post, day, TEST_NUMBERS, moments(rng, day, count), TESTED)

    def _pumped(self, post: int, day: Day, rng: np.random.Generator) -> Calls:
        begin, end, share = WEEKEND.get(day.date.weekday(), (0.0, 24.0, self.on_other_days))
        count = int(rng.poisson(share * self.daily[post]))
        bursts = rng.uniform(begin, max(end - self.burst_h, begin + 1), BURSTS)
        hours = rng.choice(bursts, size=count) + self.burst_h * rng.random(count)
        started = day.start + (hours * HOUR).astype(np.int64)
        return self._to_range(rng, post, day, len(self.org.premium), started, self.talk)

    def _to_range(
        self, rng: np.random.Generator, post: int, day: Day, numbers: int, started: np.ndarray, talk: Talk
    ) -> Calls:
        """Call the first of the range's numbers, the very first most often."""
        callee = self.org.premium[(numbers * rng.random(len(started)) ** 1.5).astype(np.int64)]
        caller = np.full(len(callee), self.org.duty[day.index, post], dtype=np.int64)
        campaign = int(self.org.campaigns[day.index, post])
        return at_once(rng, attempts(rng, caller, callee, started, answer=ANSWER, talk=talk, campaign=campaign))


def organise(org: Organisation, country: Country, hardness: Hardness, rng: np.random.Generator) -> IrsfRing:  # noqa: ARG001  # its range is all of the country that it needs
    """Draw how much each account calls, and how long the ring stays on the line."""
    daily = rng.integers(*ATTEMPTS, org.posts) * efforts(rng, org.posts, hardness)
    median = rng.uniform(*MEDIAN_MIN) * (MINUTE / 1_000) / hardness.talk
    talk = Talk(median_s=median, sigma=0.5, short_share=0.06, longest_s=3_600)
    burst = float(rng.uniform(*BURST_H)) * hardness.patience
    return IrsfRing(org, ("caller",) * org.posts, daily, float(rng.uniform(*ON_OTHER_DAYS)), burst, talk)
