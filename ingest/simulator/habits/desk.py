"""Lines that are worked all through their hours, by hand or by machine; each employer has a list and its manners."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ingest.simulator.activity import callers
from ingest.simulator.calls import Calls
from ingest.simulator.habits.clientele import Clientele, draw_clientele, first_lines
from ingest.simulator.habits.manners import Scaled, between, volumes
from ingest.simulator.land.country import Country
from ingest.simulator.outcomes import TalkTime, attempts
from ingest.simulator.randomness import FloatArray, IntArray
from ingest.simulator.rhythm import HOUR, Day
from ingest.simulator.trades import Staff

Bounds = tuple[float, float]


@dataclass(frozen=True)
class Manners:
    """Between which bounds the employers of a trade differ."""

    attempts: Bounds  # of a line on a day of work
    answer: Bounds  # chance
    talk: TalkTime
    slower: Bounds  # length of talk, as a multiple
    from_h: Bounds  # local hours
    to_h: Bounds  # past 24: of the next morning
    clients: tuple[int, int]  # people of an employer's list
    reach: tuple[float, float, float]  # chances that they are of a town, of a region, of the country


@dataclass(frozen=True)
class Desk:
    """The lines of a trade."""

    staff: Staff
    clientele: Clientele
    daily: FloatArray  # [members] attempts on a day of work
    answer: FloatArray  # [employers]
    talk: TalkTime
    slower: FloatArray  # [employers]
    from_h: FloatArray  # [employers]
    to_h: FloatArray  # [employers]

    def at_work(self, rng: np.random.Generator, share: float) -> IntArray:
        """Draw who makes the day's attempts, as positions among the members, when a share of them is at work."""
        return callers(rng, self.daily * (rng.random(len(self.daily)) < share))

    def moments(self, rng: np.random.Generator, day: Day, employer: IntArray) -> IntArray:
        """Draw when each attempt of an employer is made."""
        hours = self.from_h[employer] + rng.random(len(employer)) * (self.to_h - self.from_h)[employer]
        return day.start + (hours * HOUR).astype(np.int64)

    def calls_of(self, rng: np.random.Generator, day: Day, lines: IntArray) -> Calls:
        """Give the attempts of these lines, each to somebody of the employer's list."""
        employer = self.staff.employer[lines]
        callee = self.clientele.draw(rng, employer)
        apart = self.staff.members[lines] != callee
        return self.towards(rng, lines[apart], callee[apart], self.moments(rng, day, employer[apart]))

    def towards(self, rng: np.random.Generator, lines: IntArray, callee: IntArray, started: IntArray) -> Calls:
        """Give attempts to given numbers with the outcomes that the employer has."""
        employer = self.staff.employer[lines]
        talk = Scaled(self.talk, self.slower[employer])
        return attempts(rng, self.staff.members[lines], callee, started, answer=self.answer[employer], talk=talk)

    def employers(self, callers: IntArray) -> IntArray:
        """Give the employer of each of `callers`, all of them members."""
        order, members = self._sorted
        return self.staff.employer[order[np.searchsorted(members, callers)]]

    def some(self, rng: np.random.Generator, calls: Calls, share: FloatArray) -> Calls:
        """Draw a share of the members' calls, by employer."""
        return calls.where(rng.random(len(calls)) < share[self.employers(calls.caller)])

    def any_line(self, rng: np.random.Generator, employer: IntArray) -> IntArray:
        """Draw a line of each employer, as positions among the members."""
        lines = np.bincount(self.staff.employer, minlength=self.staff.employers)[employer]
        return first_lines(self.staff)[employer] + (rng.random(len(employer)) * lines).astype(np.int64)

    @cached_property
    def _sorted(self) -> tuple[IntArray, IntArray]:
        order = np.argsort(self.staff.members)
        return order, self.staff.members[order]


def draw_desk(rng: np.random.Generator, staff: Staff, country: Country, manners: Manners) -> Desk:
    """Draw the list and the manners of every employer."""
    return Desk(
        staff,
        draw_clientele(rng, staff, country, manners.clients, manners.reach),
        volumes(rng, staff, manners.attempts),
        between(rng, staff, manners.answer),
        manners.talk,
        between(rng, staff, manners.slower),
        between(rng, staff, manners.from_h),
        between(rng, staff, manners.to_h),
    )
