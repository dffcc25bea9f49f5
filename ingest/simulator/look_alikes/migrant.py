"""Migrants: they ring their families abroad for long, at night and at weekends; these ring once, to be rung back.

Some come from where expensive ranges are sold, so the country called tells nothing (fraud types: migrants calling home
are the look-alike of premium-rate fraud).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ingest.simulator.activity import callers
from ingest.simulator.calls import Calls, joined
from ingest.simulator.habits.manners import Scaled
from ingest.simulator.land.country import Country
from ingest.simulator.outcomes import Talk, attempts
from ingest.simulator.randomness import FloatArray, IntArray, lognormal
from ingest.simulator.rhythm import HOUR, MINUTE, SECOND, Day
from ingest.simulator.trades import Staff, Trade

TRADE = Trade(share=0.14, numbers="own", newborn=0.15)

CALLS_MEDIAN, CALLS_SIGMA = 0.55, 0.9  # a day
FREE_DAY = 1.9  # times as many
FAMILY = (1, 6)  # numbers
HOMESICK = 1.6  # of the family, the first is rung most: place ~ chance to this power
SLOWER_SIGMA = 0.7  # of the logarithm: some talk for hours
LATE = (0.15, 0.9)  # of a migrant's calls: at night
EVENING_H, NIGHT_H = (16.0, 22.0), (21.5, 27.0)
TALK = Talk(median_s=420, sigma=0.8, short_share=0.12, short_s=(5, 40))
ANSWERED = 0.72
ONE_RING = 0.3  # for each call home: a sign from the family, which is seldom answered
SIGNS_ANSWERED = 0.1


@dataclass(frozen=True)
class Migrants:
    """All who have a family abroad."""

    members: IntArray
    relatives: IntArray  # [members, most of a family] slots; of small families only the first count
    family: IntArray  # [members] size
    daily: FloatArray  # [members]
    late: FloatArray  # [members]
    slower: FloatArray  # [members] length of talk, as a multiple

    def calls(self, day: Day, rng: np.random.Generator) -> Calls:
        """Give the day's calls home and the signs from there."""
        who = callers(rng, self.daily * (FREE_DAY if day.is_free else 1.0))
        relative = (rng.random(len(who)) ** HOMESICK * self.family[who]).astype(np.int64)
        by_night = rng.random(len(who)) < self.late[who]
        hours = np.where(by_night, rng.uniform(*NIGHT_H, len(who)), rng.uniform(*EVENING_H, len(who)))
        started = day.start + (hours * HOUR).astype(np.int64)
        home = attempts(
            rng,
            self.members[who],
            self.relatives[who, relative],
            started,
            answer=ANSWERED,
            talk=Scaled(TALK, self.slower[who]),
        )
        return joined((home, _signs(rng, home)))


def _signs(rng: np.random.Generator, home: Calls) -> Calls:
    asked = home.where(rng.random(len(home)) < ONE_RING)
    started = asked.started - rng.integers(MINUTE, 40 * MINUTE, len(asked))
    talk = Talk(median_s=60, sigma=0.8)
    signs = attempts(rng, asked.callee, asked.caller, started, answer=SIGNS_ANSWERED, talk=talk)
    return signs.but(ring_ms=np.where(signs.answered, signs.ring_ms, rng.integers(2 * SECOND, 9 * SECOND, len(signs))))


def _relatives(rng: np.random.Generator, country: Country, count: int) -> IntArray:
    """Give people of one country each, [count, most of a family]."""
    foreign = np.sort(country.foreign)  # those of a country stand together
    home = country.plan.region_of(foreign)
    one = home[rng.integers(len(foreign), size=count)]
    first, end = np.searchsorted(home, one, side="left"), np.searchsorted(home, one, side="right")
    drawn: IntArray = foreign[
        first[:, None] + (rng.random((count, FAMILY[1])) * (end - first)[:, None]).astype(np.int64)
    ]
    return drawn


def settle(staff: Staff, country: Country, rng: np.random.Generator) -> Migrants:
    """Give every migrant a family in one country."""
    count = len(staff.members)
    return Migrants(
        staff.members,
        _relatives(rng, country, count),
        rng.integers(FAMILY[0], FAMILY[1] + 1, count),
        lognormal(rng, count, CALLS_MEDIAN, CALLS_SIGMA).clip(0, 8),
        rng.uniform(*LATE, count),
        lognormal(rng, count, 1.0, SLOWER_SIGMA).clip(0.2, 4.0),
    )
