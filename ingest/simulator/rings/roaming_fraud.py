"""Roaming fraud: SIMs got with false papers are taken abroad and feed a hot range from one visited network.

Source: GSMA FF.21 and the near-real-time roaming data exchange (high usage must be reported within four hours, which
is how long such SIMs have): several calls at once to one range, mostly between Friday night and Monday.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ingest.simulator.calls import INNOCENT, Calls, each, joined
from ingest.simulator.habits.rounds import daily_volume
from ingest.simulator.land.country import Country
from ingest.simulator.organisations.claims import Claim
from ingest.simulator.organisations.organisation import Needs, Organisation
from ingest.simulator.outcomes import Talk, attempts
from ingest.simulator.randomness import IntArray
from ingest.simulator.rhythm import HOUR, Day
from ingest.simulator.settings import Hardness

NEEDS = Needs(
    numbers="scattered",
    posts=(6, 12),
    works=0.45,
    covered=False,  # at home nobody uses a SIM that is abroad
    per_device=2,
    premium=15,
    entities=("device", "range"),
)

ATTEMPTS = (15, 50)  # of a SIM on a day of use
STARTS_H = ((0.5, 6.0), (9.0, 16.0), (18.0, 23.0))  # local at home; a ring keeps one of them
LASTS_H = (1.5, 5.0)  # of a use, from SIM to SIM; longer with patience
WORKDAY = (0.3, 0.9)  # of a weekend's volume on other days, from ring to ring
FED = Talk(median_s=480, sigma=0.7, short_share=0.06, longest_s=3_600)
MEDIAN_S = (200, 900)  # of the talk to the range, from ring to ring
HOT = (0.55, 0.95)  # of the calls, from ring to ring, go to the range; less where much is hidden
ABROAD = 0.4  # of the others: numbers abroad; the rest ring home, like tourists
FAMILY = 4  # numbers at home that a SIM rings
ELSE = Talk(median_s=70, sigma=1.0, short_share=0.15, longest_s=3_600)


@dataclass(frozen=True)
class RoamingRing:
    """Which SIM feeds the range when, planned."""

    org: Organisation
    roles: Sequence[str]
    daily: IntArray  # [posts]
    starts_h: tuple[float, float]
    lasts_h: float
    workday: float
    hot: float
    fed: Talk
    visited: IntArray  # slots of people of the visited country
    family: IntArray  # [posts, FAMILY] slots
    trunk: int  # row of the gateway by which calls from the visited network come in
    claims: Sequence[Claim] = ()

    def calls(self, day: Day, rng: np.random.Generator) -> Calls:
        """Give the day's calls of the SIMs in use, with the devices that the visited network reports."""
        posts = self.org.at_work(day)
        scale = 1.0 if day.date.weekday() in (4, 5, 6) else self.workday
        post = np.repeat(posts, np.ceil(self.daily[posts] * scale).astype(np.int64))
        begins = rng.uniform(*self.starts_h, self.org.posts)[post]
        started = day.start + ((begins + self.lasts_h * rng.random(len(post))) * HOUR).astype(np.int64)
        hot = rng.random(len(post)) < self.hot
        to_range = self._to_range(rng, day, post[hot], started[hot])
        return joined((to_range, self._elsewhere(rng, day, post[~hot], started[~hot])))

    def _to_range(self, rng: np.random.Generator, day: Day, post: IntArray, started: IntArray) -> Calls:
        return self._roaming(rng, day, post, rng.choice(self.org.premium, size=len(post)), started, 0.92, self.fed)

    def _elsewhere(self, rng: np.random.Generator, day: Day, post: IntArray, started: IntArray) -> Calls:
        foreign = self.visited[rng.integers(len(self.visited), size=len(post))]
        home = self.family[post, rng.integers(FAMILY, size=len(post))]
        callee = np.where(rng.random(len(post)) < ABROAD, foreign, home)
        return self._roaming(rng, day, post, callee, started, 0.7, ELSE).but(campaign=each(INNOCENT))

    def _roaming(
        self,
        rng: np.random.Generator,
        day: Day,
        post: IntArray,
        callee: IntArray,
        started: IntArray,
        answer: float,
        talk: Talk,
    ) -> Calls:
        caller, campaign = self.org.duty[day.index, post], self.org.campaigns[day.index, post]
        calls = attempts(rng, caller, callee, started, answer=answer, talk=talk, campaign=campaign)
        timeline = self.org.timeline
        device = self.org.devices[timeline.device[timeline.number[day.index, post]]]
        return calls.but(trunk=each(self.trunk), device=device)


def organise(org: Organisation, country: Country, hardness: Hardness, rng: np.random.Generator) -> RoamingRing:
    """Draw the visited network, the hours and what else the SIMs are used for."""
    abroad = country.plan.region_of(country.foreign)
    people = country.subscribers[rng.integers(len(country.subscribers), size=org.posts * FAMILY)]
    return RoamingRing(
        org=org,
        roles=("sim",) * org.posts,
        daily=daily_volume(rng, org, hardness, ATTEMPTS),
        starts_h=STARTS_H[rng.integers(len(STARTS_H))],
        lasts_h=float(rng.uniform(*LASTS_H)) * min(hardness.patience, 2.0),
        workday=float(rng.uniform(*WORKDAY)),
        hot=float(rng.uniform(*HOT)) * (1 - 0.5 * hardness.disguised),
        fed=Talk(float(rng.uniform(*MEDIAN_S)), FED.sigma, FED.short_share, (2, 30), FED.longest_s),
        visited=country.foreign[abroad == rng.choice(abroad)],
        family=people.reshape(org.posts, FAMILY),
        trunk=int(rng.choice(country.trunks.international)),
    )
