"""Calls to help lines that everybody has: banks, the operator's care, authorities, toll-free numbers of firms."""

from __future__ import annotations

import numpy as np

from ingest.simulator.activity import callers
from ingest.simulator.calls import Calls
from ingest.simulator.land.country import Country
from ingest.simulator.outcomes import Talk, at_once, attempts
from ingest.simulator.randomness import FloatArray, IntArray
from ingest.simulator.rhythm import Day, by_day

LINES = ("bank", "care", "government", "toll_free")
CALLS = 0.02  # of a person a day
FAVOURITES = 2  # few lines get most of the calls: rank ~ chance to this power
ANSWERED = 0.96  # by a machine, then by a person
TALK = Talk(median_s=150, sigma=1.0, short_share=0.25, short_s=(5.0, 40.0), longest_s=3_600)


class HelpLines:
    """Who rings which line."""

    def __init__(self, country: Country, rng: np.random.Generator) -> None:
        self.people = country.people
        self.lines = rng.permutation(np.concatenate([country.services[name] for name in LINES]))

    def calls(self, day: Day, rng: np.random.Generator, mood: FloatArray) -> Calls:
        """Give the day's calls, between slots; more on working days, when there is more to arrange."""
        caller = callers(rng, CALLS * (0.6 + 0.4 * day.offices) * mood)
        started = by_day(day).draw(rng, day, len(caller))
        lines = self._favourites(rng, len(caller))
        return at_once(rng, attempts(rng, self.people[caller], lines, started, answer=ANSWERED, talk=TALK))

    def _favourites(self, rng: np.random.Generator, count: int) -> IntArray:
        place = rng.random(count) ** FAVOURITES
        chosen: IntArray = self.lines[(place * len(self.lines)).astype(np.int64)]
        return chosen
