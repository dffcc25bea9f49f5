"""Call centres: agents of one employer work through one list of customers, with normal talk and some calls back.

A missed customer is tried again by whichever agent is free, so agents of a centre share some customers, as rings do.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ingest.simulator.calls import Calls, joined
from ingest.simulator.habits.desk import Desk, Manners, draw_desk
from ingest.simulator.habits.manners import between
from ingest.simulator.land.country import Country
from ingest.simulator.outcomes import Talk, missed, ringing_back
from ingest.simulator.randomness import FloatArray
from ingest.simulator.rhythm import HOUR, MINUTE, Day, after
from ingest.simulator.trades import Staff, Trade

TRADE = Trade(share=0.04, numbers="office", employer=(5, 25), per_device=0, newborn=0.15)

AT_WORK, AT_WORK_ON_SUNDAY = 0.85, 0.15
MANNERS = Manners(
    attempts=(5, 75),  # by hand on hot leads … with a dialler
    answer=(0.3, 0.7),  # some lists are poor
    talk=Talk(median_s=130, sigma=0.9, short_share=0.3, short_s=(4, 20)),
    slower=(0.4, 1.9),  # surveys and reminders … insurances and loans
    from_h=(8, 12),
    to_h=(17, 23),  # some work the evening, when people are at home
    clients=(400, 6_000),
    reach=(0.05, 0.35, 0.6),
)
RINGS_BACK = (0.01, 0.14)  # of the missed
TRIED_AGAIN = (0.1, 0.5)  # of the missed, the same day


@dataclass(frozen=True)
class CallCentres:
    """All centres of the country."""

    desk: Desk
    rings_back: FloatArray  # [employers]
    tried_again: FloatArray  # [employers]

    def calls(self, day: Day, rng: np.random.Generator) -> Calls:
        """Give the day's attempts, second tries and calls back."""
        lines = self.desk.at_work(rng, AT_WORK_ON_SUNDAY if day.is_sunday else AT_WORK)
        first = self.desk.calls_of(rng, day, lines)
        back = self.desk.some(rng, missed(first), self.rings_back)
        returned = ringing_back(rng, back, share=1.0, median_ms=45 * MINUTE, talk=self.desk.talk)
        return joined((first, self._again(rng, self.desk.some(rng, missed(first), self.tried_again)), returned))

    def _again(self, rng: np.random.Generator, again: Calls) -> Calls:
        agent = self.desk.any_line(rng, self.desk.employers(again.caller))
        return self.desk.towards(rng, agent, again.callee, after(rng, again.started, 2.5 * HOUR, 0.7))


def settle(staff: Staff, country: Country, rng: np.random.Generator) -> CallCentres:
    """Give every centre its list of customers and its ways."""
    desk = draw_desk(rng, staff, country, MANNERS)
    return CallCentres(desk, between(rng, staff, RINGS_BACK), between(rng, staff, TRIED_AGAIN))
