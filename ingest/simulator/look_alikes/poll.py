"""Polls: interviewers let a machine dial numbers at random, dead ones too; most hang up, few stay for minutes.

Random digit dialling reaches numbers that nobody holds, and response rates are below a tenth (Kennedy and Hartig,
Response rates in telephone surveys have resumed their decline, Pew Research Center 2019: 6 %).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ingest.simulator.calls import Calls, joined
from ingest.simulator.habits.desk import Desk, Manners, draw_desk
from ingest.simulator.habits.manners import between
from ingest.simulator.land.country import Country
from ingest.simulator.outcomes import Talk, missed, ringing_back
from ingest.simulator.randomness import FloatArray, IntArray
from ingest.simulator.rhythm import HOUR, SECOND, Day
from ingest.simulator.trades import Staff, Trade

TRADE = Trade(share=0.025, numbers="block", employer=(8, 40), per_device=0, newborn=0.35)

MANNERS = Manners(
    attempts=(6, 90),
    answer=(0.25, 0.55),
    talk=Talk(median_s=11, sigma=0.7, short_share=0.4, short_s=(1, 6), longest_s=60),
    slower=(0.7, 2.0),
    from_h=(8, 11),
    to_h=(18, 21),
    clients=(20_000, 400_000),
    reach=(0.0, 0.4, 0.6),
)
STAYS = (0.04, 0.2)  # of the answered: an interview
INTERVIEW_S = (90, 900)
DEAD = (0.0, 0.35)  # of the numbers dialled; lists that were bought have few
IN_THE_FIELD = 0.55  # of the days


@dataclass(frozen=True)
class Polls:
    """All institutes of the country."""

    desk: Desk
    country: Country
    stays: FloatArray  # [employers]
    dead: FloatArray  # [employers]

    def calls(self, day: Day, rng: np.random.Generator) -> Calls:
        """Give the interviews of a day and the attempts at some, and who asks later what it was."""
        dialled = self._dead_ones(rng, self.desk.calls_of(rng, day, self._in_the_field(rng)))
        employer = self.desk.employers(dialled.caller)
        stays = dialled.answered & (rng.random(len(dialled)) < self.stays[employer])
        talk = np.where(stays, rng.integers(*INTERVIEW_S, len(dialled)) * SECOND, dialled.talk_ms)
        dialled = dialled.but(talk_ms=talk)
        return joined((dialled, ringing_back(rng, missed(dialled), share=0.02, median_ms=2 * HOUR, talk=MANNERS.talk)))

    def _in_the_field(self, rng: np.random.Generator) -> IntArray:
        lines = self.desk.at_work(rng, 0.9)
        busy = rng.random(self.desk.staff.employers) < IN_THE_FIELD
        return lines[busy[self.desk.staff.employer[lines]]]

    def _dead_ones(self, rng: np.random.Generator, calls: Calls) -> Calls:
        """Let some of the calls go to numbers that nobody holds."""
        dead = rng.random(len(calls)) < self.dead[self.desk.employers(calls.caller)]
        callee = np.array(calls.callee)
        callee[dead] = self.country.unallocated(rng, int(dead.sum()))
        return calls.but(callee=callee, answered=calls.answered & ~dead, talk_ms=np.where(dead, 0, calls.talk_ms))


def settle(staff: Staff, country: Country, rng: np.random.Generator) -> Polls:
    """Give every institute its sample and its ways."""
    desk = draw_desk(rng, staff, country, MANNERS)
    return Polls(desk, country, between(rng, staff, STAYS), between(rng, staff, DEAD))
