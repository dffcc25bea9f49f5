"""Everyday life: friends, families, colleagues, shops and help lines, what follows a call between two, texts.

Inside this part people are rows of `country.people`; only what leaves it carries slots.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ingest.simulator.activity import activities, callers, moods
from ingest.simulator.calls import Calls, joined
from ingest.simulator.everyday.circles import Circle
from ingest.simulator.everyday.conversations import AT_WORK, TO_STRANGERS, Speech, draw_talkers
from ingest.simulator.everyday.diversions import draw_diversions
from ingest.simulator.everyday.friends import private_circle
from ingest.simulator.everyday.from_abroad import FromAbroad
from ingest.simulator.everyday.help_lines import HelpLines
from ingest.simulator.everyday.paid_lines import PaidLines
from ingest.simulator.everyday.texting import Texting
from ingest.simulator.everyday.trains import WAVES, follow_ups
from ingest.simulator.everyday.workplaces import work_circle
from ingest.simulator.land.country import Country
from ingest.simulator.land.numbering import BLOCK
from ingest.simulator.outcomes import attempts
from ingest.simulator.randomness import BoolArray, FloatArray, IntArray, lognormal
from ingest.simulator.rhythm import IN_OFFICES, Day, Hours, by_day

PRIVATE, ONE_OFF = 0.66, 0.13  # calls of a person a day, without what follows
OFFICE = 0.7  # of an employed person on a working day
OUTGOING_SIGMA, MOST_ONE_OFF = 1.3, 15.0  # brokers, tutors, organisers: few people make most of the one-off calls
MOST_POPULAR = 0.02  # how flat the top is: the most popular get some hundred times as many of them as the mean
STRANGER = 0.85  # chance to be answered, as a share of a friend's
RETURNED = 0.88  # chance that a call back is answered
AGAIN = 0.85  # chance that a further call is answered, as a share of the first one's


Chance = npt.NDArray[np.float32] | FloatArray


class Way(NamedTuple):
    """Whom people call, how often, when and for how long."""

    circle: Circle
    rate: npt.NDArray[np.float32]  # [people] calls a day
    hours: Hours
    shorter: int  # classes of talk


@dataclass(frozen=True)
class Today:
    """What holds for everybody on one day, [people] each."""

    here: BoolArray  # holds a line
    mood: FloatArray  # volume of calls, as a multiple of the person's mean; 0 who holds no line
    reach: npt.NDArray[np.float32]  # chance that a friend's call is answered


class Everyday:
    """What people do without any trade or trick."""

    def __init__(self, country: Country, rng: np.random.Generator) -> None:
        self.country = country
        people = len(country.people)
        activity = activities(rng, people)
        self.private = private_circle(rng, country.region_start)
        self.private_rate = _rate(PRIVATE, activity, self.private)
        self.work = work_circle(rng, country.region_start)
        self.work_rate = _rate(OFFICE, activity, self.work)
        self.one_off_rate = _one_off_rate(rng, activity)
        self.popular = rng.permutation(np.flatnonzero(np.isin(country.people, country.subscribers)))
        self.talkers = draw_talkers(rng, people)
        self.texting = Texting(self.private, country.people < country.plan.mobile * BLOCK, rng)
        self.help_lines = HelpLines(country, rng)
        self.diversions = draw_diversions(rng, country, self.private)
        self.from_abroad, self.paid_lines = FromAbroad(country, rng), PaidLines(country, rng)

    def calls(self, day: Day, rng: np.random.Generator) -> Calls:
        """Give the day's everyday calls and texts and what follows them."""
        here = self.country.present(day)
        today = Today(here, here * moods(rng, len(here)), self.talkers.reachable(rng))
        called = [self.diversions.divert(rng, self._with_slots(calls)) for calls in self._voice(day, rng, today)]
        texts = self._with_slots(self.texting.texts(day, rng, today.mood))
        elsewhere = (self.from_abroad.calls(day, rng), self.paid_lines.calls(day, rng))
        return joined((*called, texts, self.help_lines.calls(day, rng, today.mood), *elsewhere))

    def _voice(self, day: Day, rng: np.random.Generator, today: Today) -> Iterator[Calls]:
        waves = self._first(day, rng, today)
        yield from waves
        for _ in range(WAVES):
            waves = [self._following(day, rng, today, calls) for calls in waves]
            yield from waves

    def _first(self, day: Day, rng: np.random.Generator, today: Today) -> list[Calls]:
        private = Way(self.private, self.private_rate * day.busyness, by_day(day), 0)
        work = Way(self.work, self.work_rate * day.offices, IN_OFFICES, AT_WORK)
        return [*(self._to_known(day, rng, today, way) for way in (private, work)), self._one_off(day, rng, today)]

    def _to_known(self, day: Day, rng: np.random.Generator, today: Today, way: Way) -> Calls:
        caller = callers(rng, way.rate * today.mood)
        callee = way.circle.partners(rng, caller)
        caller, callee = _both(today.here[callee], caller, callee)
        started = way.hours.draw(rng, day, len(caller))
        return self._attempts(rng, caller, callee, started, today.reach[callee], way.shorter)

    def _one_off(self, day: Day, rng: np.random.Generator, today: Today) -> Calls:
        caller = callers(rng, self.one_off_rate * day.busyness * today.mood)
        callee = self.popular[_popular(rng, len(caller), len(self.popular))]
        caller, callee = _both(today.here[callee] & (caller != callee), caller, callee)
        started = by_day(day).draw(rng, day, len(caller))
        return self._attempts(rng, caller, callee, started, STRANGER * today.reach[callee], TO_STRANGERS)

    def _following(self, day: Day, rng: np.random.Generator, today: Today, calls: Calls) -> Calls:
        after = follow_ups(rng, day, calls)
        answer = np.where(after.returned, RETURNED, AGAIN * today.reach[after.callee])
        return self._attempts(rng, after.caller, after.callee, after.started, answer, 0)

    def _attempts(
        self,
        rng: np.random.Generator,
        caller: IntArray,
        callee: IntArray,
        started: IntArray,
        answer: Chance,
        shorter: int,
    ) -> Calls:
        talk = Speech(np.maximum(self.talkers.talkative[caller] - shorter, 0))
        return attempts(rng, caller, callee, started, answer=answer, talk=talk)

    def _with_slots(self, calls: Calls) -> Calls:
        people = self.country.people
        return calls.but(caller=people[calls.caller], callee=people[calls.callee])


def _rate(mean: float, activity: FloatArray, circle: Circle) -> npt.NDArray[np.float32]:
    """Give calls a day of each person who has a circle: the more partners, the more calls, but not in proportion."""
    weight = activity * np.sqrt(circle.degree)
    total = weight.sum()
    members = np.count_nonzero(circle.degree)
    return (weight * (mean * members / total if total else 0.0)).astype(np.float32)


def _one_off_rate(rng: np.random.Generator, activity: FloatArray) -> npt.NDArray[np.float32]:
    drawn = activity * lognormal(rng, len(activity), np.exp(-(OUTGOING_SIGMA**2) / 2), OUTGOING_SIGMA)
    return np.minimum(ONE_OFF * drawn, MOST_ONE_OFF).astype(np.float32)


def _popular(rng: np.random.Generator, count: int, people: int) -> IntArray:
    """Draw whom strangers call, as ranks: few are called by very many, but none by all the country."""
    place = MOST_POPULAR + (1 - MOST_POPULAR) * rng.random(count)
    rank: IntArray = (people * (place**3 - MOST_POPULAR**3) / (1 - MOST_POPULAR**3)).astype(np.int64)
    return np.minimum(rank, people - 1)


def _both(rows: BoolArray, a: IntArray, b: IntArray) -> tuple[IntArray, IntArray]:
    return a[rows], b[rows]
