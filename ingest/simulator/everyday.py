"""Everyday calls: friends and families, what comes back after a missed call, and one-off calls to shops and offices."""

from __future__ import annotations

import numpy as np

from ingest.simulator.calls import Calls, joined
from ingest.simulator.circles import draw_ties
from ingest.simulator.country import Country
from ingest.simulator.outcomes import EVERYDAY_TALK, attempts, missed, ringing_back
from ingest.simulator.randomness import lognormal
from ingest.simulator.rhythm import MINUTE, Day, after, moments

CALLS_PER_PERSON = 0.67  # a day, without what comes back
ONE_OFF_SHARE = 0.15  # of the calls go to somebody who is no friend
OUTGOING_SIGMA = 1.6  # brokers, tutors, organisers: few people make most of the one-off calls
ANSWER_CLOSE, ANSWER_FRIEND, ANSWER_STRANGER = 0.8, 0.74, 0.68
RING_BACK, TRY_AGAIN = 0.35, 0.2  # of the missed


class Everyday:
    """What people do without any trade or trick."""

    def __init__(self, country: Country, rng: np.random.Generator) -> None:
        self.country = country
        self.ties = draw_ties(country, rng)
        self.outgoing = np.cumsum(lognormal(rng, len(country.people), 1.0, OUTGOING_SIGMA))
        self.popular = rng.permutation(country.subscribers)

    def calls(self, day: Day, rng: np.random.Generator) -> Calls:
        """Give the day's everyday calls; a missed one may come back or be tried again."""
        first = joined((self._to_friends(day, rng), self._one_off(day, rng)))
        again = missed(first)
        again = again.where(rng.random(len(again)) < TRY_AGAIN)
        later = after(rng, again.started + again.ring_ms, 15 * MINUTE)
        retried = attempts(rng, again.caller, again.callee, later, answer=0.65, talk=EVERYDAY_TALK)
        back = ringing_back(rng, missed(first), share=RING_BACK, median_ms=20 * MINUTE, talk=EVERYDAY_TALK)
        return joined((first, retried, back))

    def _to_friends(self, day: Day, rng: np.random.Generator) -> Calls:
        volume = CALLS_PER_PERSON * (1 - ONE_OFF_SHARE) * len(self.country.people) * day.busyness
        count = rng.poisson(self.ties.rate * volume)
        caller, callee = np.repeat(self.ties.caller, count), np.repeat(self.ties.callee, count)
        answer = np.repeat(np.where(self.ties.close, ANSWER_CLOSE, ANSWER_FRIEND), count)
        return attempts(rng, caller, callee, moments(rng, day, len(caller)), answer=answer, talk=EVERYDAY_TALK)

    def _one_off(self, day: Day, rng: np.random.Generator) -> Calls:
        count = rng.poisson(CALLS_PER_PERSON * ONE_OFF_SHARE * len(self.country.people) * day.busyness)
        caller = self.country.people[np.searchsorted(self.outgoing, rng.random(count) * self.outgoing[-1])]
        callee = self.popular[(len(self.popular) * rng.random(count) ** 3).astype(np.int64)]
        apart = caller != callee
        started = moments(rng, day, count)
        return attempts(rng, caller[apart], callee[apart], started[apart], answer=ANSWER_STRANGER, talk=EVERYDAY_TALK)
