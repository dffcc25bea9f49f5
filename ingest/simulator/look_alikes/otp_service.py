"""One-time codes: a service texts people or reads them the code in a short automated call, at any hour.

Everybody is rung once or twice, nobody talks and nobody rings back: the surface of flash calls and of robocalls
(fraud types: OTP services are named as look-alikes of wangiri).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ingest.simulator.calls import Calls, joined
from ingest.simulator.habits.desk import Desk, Manners, draw_desk
from ingest.simulator.habits.manners import between, texted
from ingest.simulator.land.country import Country
from ingest.simulator.outcomes import Talk, missed
from ingest.simulator.randomness import BoolArray, FloatArray, IntArray
from ingest.simulator.rhythm import SECOND, Day, after, moments, moments_between
from ingest.simulator.trades import Staff, Trade

TRADE = Trade(share=0.04, numbers="block", employer=(6, 30), per_device=0, hosted=0.3)

MANNERS = Manners(
    attempts=(3, 60),
    answer=(0.55, 0.9),
    talk=Talk(median_s=14, sigma=0.25, short_share=0.12, short_s=(1, 6), longest_s=45),
    slower=(0.7, 1.8),
    from_h=(0, 0),  # people ask for codes when they are awake, and fraud checks and games never sleep
    to_h=(24, 24),
    clients=(20_000, 400_000),
    reach=(0.0, 0.1, 0.9),
)
TEXTS = (0.0, 0.95)  # of the codes are texted; the rest is read out
ALL_HOURS = (0.05, 0.7)  # of the codes are asked for at any hour alike
AGAIN = 0.5  # of the missed: read out once more within a minute


@dataclass(frozen=True)
class OtpServices:
    """All services of the country."""

    desk: Desk
    texts: FloatArray  # [employers]
    all_hours: FloatArray  # [employers]

    def calls(self, day: Day, rng: np.random.Generator) -> Calls:
        """Give the codes of a day."""
        lines = self.desk.at_work(rng, 1.0)
        employer = self.desk.staff.employer[lines]
        asked = self._asked(rng, day, employer)
        whom = self.desk.clientele.draw(rng, employer)
        text = rng.random(len(lines)) < self.texts[employer]
        sent = texted(rng, self.desk.staff.members[lines[text]], whom[text], asked[text])
        read = self.desk.towards(rng, lines[~text], whom[~text], asked[~text])
        return joined((sent, read, self._again(rng, missed(read))))

    def _asked(self, rng: np.random.Generator, day: Day, employer: IntArray) -> IntArray:
        count = len(employer)
        any_hour: BoolArray = rng.random(count) < self.all_hours[employer]
        return np.where(any_hour, moments_between(rng, day, count, 0, 24), moments(rng, day, count))

    def _again(self, rng: np.random.Generator, calls: Calls) -> Calls:
        again = calls.where(rng.random(len(calls)) < AGAIN)
        lines = self.desk.any_line(rng, self.desk.employers(again.caller))
        later = after(rng, again.started + again.ring_ms, 25 * SECOND, 0.5)
        return self.desk.towards(rng, lines, again.callee, later)


def settle(staff: Staff, country: Country, rng: np.random.Generator) -> OtpServices:
    """Give every service its users and its ways."""
    desk = draw_desk(rng, staff, country, MANNERS)
    return OtpServices(desk, between(rng, staff, TEXTS), between(rng, staff, ALL_HOURS))
