"""Honest numbers of ranges abroad in which premium-rate numbers are sold: chat lines, votes, competitions, relatives.

So a call to such a range need not be fraud, and neither need a number there: buyers of a range are seldom alone in it.
"""

from __future__ import annotations

import numpy as np

from ingest.simulator.activity import callers
from ingest.simulator.calls import Calls, joined
from ingest.simulator.land.country import Country
from ingest.simulator.land.numbering import BLOCK
from ingest.simulator.outcomes import Talk, at_once, attempts
from ingest.simulator.randomness import FloatArray, IntArray
from ingest.simulator.rhythm import Day, moments, moments_between

REGULARS = 25  # of a range
CHATS = (10.0, 35.0)  # calls of a range's regulars a day, from range to range
CHAT_H = (17.0, 26.0)
CHAT = Talk(median_s=420, sigma=1.0, short_share=0.2, short_s=(3, 40), longest_s=3_600)
ODD = (6.0, 18.0)  # calls of others a day, at any hour, from range to range
ODD_TALK = Talk(median_s=100, sigma=1.1, short_share=0.25, short_s=(2, 25), longest_s=3_600)
SHOW, VOTES = 0.15, (30.0, 90.0)  # chance of a day with a vote; calls
SHOW_H = (19.5, 21.5)
VOTE = Talk(median_s=18, sigma=0.4, longest_s=60)
ANSWERED = 0.9


class PaidLines:
    """Who calls such numbers."""

    def __init__(self, country: Country, rng: np.random.Generator) -> None:
        self.people = country.people
        self.numbers = np.sort(country.services["premium"])
        _, self.first, self.count = np.unique(self.numbers // BLOCK, return_index=True, return_counts=True)
        ranges = len(self.first)
        self.regulars = rng.integers(len(self.people), size=(ranges, REGULARS))
        self.chats: FloatArray = rng.uniform(*CHATS, ranges)
        self.odd: FloatArray = rng.uniform(*ODD, ranges)

    def calls(self, day: Day, rng: np.random.Generator) -> Calls:
        """Give the day's calls, between slots."""
        return joined((self._chats(day, rng), self._odd(day, rng), self._votes(day, rng)))

    def _chats(self, day: Day, rng: np.random.Generator) -> Calls:
        at = callers(rng, self.chats)
        caller = self.regulars[at, rng.integers(REGULARS, size=len(at))]
        return self._calls(rng, caller, at, moments_between(rng, day, len(at), *CHAT_H), CHAT)

    def _odd(self, day: Day, rng: np.random.Generator) -> Calls:
        at = callers(rng, self.odd)
        return self._calls(rng, self._anybody(rng, len(at)), at, moments(rng, day, len(at)), ODD_TALK)

    def _votes(self, day: Day, rng: np.random.Generator) -> Calls:
        ranges = len(self.first)
        at = callers(rng, np.where(rng.random(ranges) < SHOW, rng.uniform(*VOTES, ranges), 0.0))
        return self._calls(rng, self._anybody(rng, len(at)), at, moments_between(rng, day, len(at), *SHOW_H), VOTE)

    def _anybody(self, rng: np.random.Generator, count: int) -> IntArray:
        return rng.integers(len(self.people), size=count)

    def _calls(self, rng: np.random.Generator, caller: IntArray, at: IntArray, started: IntArray, talk: Talk) -> Calls:
        called = self.numbers[self.first[at] + (rng.random(len(at)) * self.count[at]).astype(np.int64)]
        return at_once(rng, attempts(rng, self.people[caller], called, started, answer=ANSWERED, talk=talk))
