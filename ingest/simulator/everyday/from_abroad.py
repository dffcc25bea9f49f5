"""Calls from abroad: relatives and migrants ring home; airlines, hotels, banks and call centres ring customers."""

from __future__ import annotations

import numpy as np

from ingest.simulator.activity import callers
from ingest.simulator.calls import Calls, joined
from ingest.simulator.everyday.conversations import CLASSES, Speech
from ingest.simulator.land.country import Country
from ingest.simulator.outcomes import Talk, attempts, missed, ringing_back
from ingest.simulator.randomness import FloatArray, IntArray, lognormal
from ingest.simulator.rhythm import MINUTE, Day, by_day, moments_between

FAMILY = 5  # people at home who are rung by one abroad, the first most; neighbours in the order of people
HOME_MEDIAN, HOME_SIGMA, MOST_HOME = 1.0, 0.7, 9.0  # calls of a person abroad a day
FREE_DAY = 1.3  # times as many
HOME_ANSWERED, HOME_TALK = 0.7, (8, CLASSES)  # classes of talk, from the shortest to the one after the longest
FIRM_MEDIAN, FIRM_SIGMA, MOST_FIRM = 16.0, 0.6, 70.0  # calls of a firm's number a day
FIRM_H = (7.0, 22.5)  # local here: firms from all the world
FIRM_ANSWERED = (0.3, 0.7)  # from firm to firm
FIRM_TALK = (2, 13)
RINGS_BACK, BACK_AFTER = 0.2, 35 * MINUTE
BACK_TALK = Talk(median_s=100, sigma=1.1, short_share=0.12, longest_s=3_600)


class FromAbroad:
    """Who abroad rings whom here."""

    def __init__(self, country: Country, rng: np.random.Generator) -> None:
        self.people, self.relatives, self.firms = country.people, country.foreign, country.firms_abroad
        self.home = rng.integers(len(self.people), size=len(self.relatives))  # place of the first of a family
        self.daily = lognormal(rng, len(self.relatives), HOME_MEDIAN, HOME_SIGMA).clip(0, MOST_HOME)
        self.talkative = rng.integers(*HOME_TALK, len(self.relatives))
        self.firm_talk = rng.integers(*FIRM_TALK, len(self.firms))
        self.firm_daily = lognormal(rng, len(self.firms), FIRM_MEDIAN, FIRM_SIGMA).clip(1, MOST_FIRM)
        self.firm_answer: FloatArray = rng.uniform(*FIRM_ANSWERED, len(self.firms))

    def calls(self, day: Day, rng: np.random.Generator) -> Calls:
        """Give the day's calls, between slots, and those that come back from who missed one."""
        came = (self._home(day, rng), self._customers(day, rng))
        unheard = joined(missed(calls) for calls in came)
        back = ringing_back(rng, unheard, share=RINGS_BACK, median_ms=BACK_AFTER, talk=BACK_TALK)
        return joined((*came, back))

    def _home(self, day: Day, rng: np.random.Generator) -> Calls:
        who = callers(rng, self.daily * (FREE_DAY if day.is_free else 1.0))
        chance = rng.random(len(who), dtype=np.float32)
        member = (FAMILY * chance * chance).astype(np.int64)
        family = self.people[(self.home[who] + member) % len(self.people)]
        started = by_day(day).draw(rng, day, len(who))
        talk = Speech(self.talkative[who])
        return attempts(rng, self.relatives[who], family, started, answer=HOME_ANSWERED, talk=talk)

    def _customers(self, day: Day, rng: np.random.Generator) -> Calls:
        firm: IntArray = callers(rng, self.firm_daily * day.busyness)
        customer = self.people[rng.integers(len(self.people), size=len(firm))]
        started = moments_between(rng, day, len(firm), *FIRM_H)
        talk = Speech(self.firm_talk[firm])
        return attempts(rng, self.firms[firm], customer, started, answer=self.firm_answer[firm], talk=talk)
