"""Subscription fraud: lines got with false papers from one dealer, straight to calls abroad that nobody will pay for.

Sources: CFCA fraud loss surveys, GSMA FF.21: the lines sell calls to people with family abroad, or feed a premium
range, in few phones, and are thrown away before the first bill.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ingest.simulator.calls import INNOCENT, Calls, each, joined
from ingest.simulator.habits.rounds import Pitch, daily_volume, work_through
from ingest.simulator.habits.worklists import WorkList, share_out
from ingest.simulator.land.country import Country
from ingest.simulator.organisations.claims import Claim
from ingest.simulator.organisations.organisation import Needs, Organisation
from ingest.simulator.outcomes import Talk, attempts
from ingest.simulator.randomness import IntArray
from ingest.simulator.rhythm import Day
from ingest.simulator.settings import Hardness

NEEDS = Needs(
    numbers="scattered", posts=(6, 14), works=0.75, per_device=3, cells=2, premium=12, entities=("device", "range")
)

ATTEMPTS = (14, 40)  # of a number a day; five times what other new lines do: fraud-types.md
COUNTRIES = (1, 4)  # whose emigrants buy the calls
STARTS_H, LASTS_H = (9.0, 17.0), (5.0, 9.0)  # from ring to ring: by day or until after midnight
ANSWER = (0.5, 0.75)
SOLD_S = (180, 600)  # median of the sold talk, from ring to ring
PREMIUM = (0.0, 0.45)  # of the calls, from ring to ring, go to the ring's own range
PREMIUM_S = (240, 900)  # median; mean talk of more than 10 minutes: fraud-types.md
LOCAL = (0.05, 0.25)  # of the calls, from ring to ring, stay in the country: what else people do with a phone
LOCAL_TALK = Talk(median_s=60, sigma=1.0, short_share=0.15)


@dataclass(frozen=True)
class SubscriptionRing:
    """Who calls whom abroad on which day, planned."""

    org: Organisation
    roles: Sequence[str]
    work: WorkList  # of customers' families
    sold: Pitch
    premium: float
    fed: Talk
    local: float
    near: IntArray  # slots of people of the region where the lines were got
    claims: Sequence[Claim] = ()

    def calls(self, day: Day, rng: np.random.Generator) -> Calls:
        """Give the day's calls: sold, to the premium range, and the few within the country."""
        sold = work_through(rng, self.org, self.work, day, self.sold, self.org.at_work(day))
        what = rng.random(len(sold))
        fed, local = what < self.premium, what >= 1 - self.local
        range_ = rng.choice(self.org.premium, size=int(fed.sum()))
        people = self.near[rng.integers(len(self.near), size=int(local.sum()))]
        return joined(
            (
                sold.where(~fed & ~local),
                _instead(rng, sold.where(fed), range_, 0.95, self.fed),
                _instead(rng, sold.where(local), people, 0.7, LOCAL_TALK).but(campaign=each(INNOCENT)),
            )
        )


def organise(org: Organisation, country: Country, hardness: Hardness, rng: np.random.Generator) -> SubscriptionRing:
    """Draw the countries whose calls the ring sells, and its habits."""
    home, homes = country.plan.region_of(org.numbers[:1]), country.plan.region_of(country.foreign)
    chosen = rng.choice(homes, size=rng.integers(*COUNTRIES))  # who has most people here, most likely
    families = country.foreign[np.isin(homes, chosen)]
    from_h = float(rng.uniform(*STARTS_H))
    talk = Talk(float(rng.uniform(*SOLD_S)), 0.9, 0.1, (2, 20), 5_400)
    hides = 1 + hardness.disguised  # who hides feeds less, and looks more like an ordinary phone
    return SubscriptionRing(
        org=org,
        near=country.subscribers[country.plan.region_of(country.subscribers) == home],
        roles=("caller",) * org.posts,
        work=share_out(rng, org, families, daily_volume(rng, org, hardness, ATTEMPTS)),
        sold=Pitch((from_h, from_h + float(rng.uniform(*LASTS_H))), float(rng.uniform(*ANSWER)), talk),
        premium=float(rng.uniform(*PREMIUM)) / hides,
        fed=Talk(float(rng.uniform(*PREMIUM_S)), 0.6, longest_s=3_600),
        local=float(rng.uniform(*LOCAL)) * hides,
    )


def _instead(rng: np.random.Generator, calls: Calls, callee: IntArray, answer: float, talk: Talk) -> Calls:
    return attempts(rng, calls.caller, callee, calls.started, answer=answer, talk=talk, campaign=calls.campaign)
