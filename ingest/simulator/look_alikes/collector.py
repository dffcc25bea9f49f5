"""Debt collection and telesales: a dialler rings more people than there are agents, and the same ones again and again.

Most attempts are missed or cut after seconds, nobody rings back gladly, and numbers are given up when too many people
block them. Rules ask a dialler to let it ring for 15 s (16 CFR 310.4), which not all do.
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
from ingest.simulator.rhythm import HOUR, SECOND, Day, after
from ingest.simulator.trades import Staff, Trade

TRADE = Trade(share=0.04, numbers="block", employer=(4, 30), per_device=0, newborn=0.5)

MANNERS = Manners(
    attempts=(6, 90),
    answer=(0.15, 0.5),
    talk=Talk(median_s=95, sigma=0.9, short_share=0.65, short_s=(1, 20), longest_s=2_400),
    slower=(0.4, 1.6),
    from_h=(7, 10),
    to_h=(18, 21.5),  # the hours in which such calls are allowed
    clients=(150, 6_000),
    reach=(0.05, 0.25, 0.7),
)
AT_WORK, ON_SUNDAY = 0.85, 0.3
CUT_OFF = (0.0, 0.6)  # of the missed: the machine lets it ring for seconds only
CUT_OFF_S = (1.0, 8.0)
AGAIN = (0.1, 0.6)  # of the missed, the same day, by any line
RINGS_BACK = (0.0, 0.05)


@dataclass(frozen=True)
class Collectors:
    """All collectors and sellers of the country."""

    desk: Desk
    cut_off: FloatArray  # [employers]
    again: FloatArray  # [employers]
    rings_back: FloatArray  # [employers]

    def calls(self, day: Day, rng: np.random.Generator) -> Calls:
        """Give the day's attempts, second tries and the few calls back."""
        first = self.desk.calls_of(rng, day, self.desk.at_work(rng, ON_SUNDAY if day.is_sunday else AT_WORK))
        again = self.desk.some(rng, missed(first), self.again)
        line = self.desk.any_line(rng, self.desk.employers(again.caller))
        tried = self.desk.towards(rng, line, again.callee, after(rng, again.started, 2 * HOUR, 0.8))
        made = self._cut_off(rng, joined((first, tried)))
        back = self.desk.some(rng, missed(made), self.rings_back)
        return joined((made, ringing_back(rng, back, share=1.0, median_ms=HOUR, talk=MANNERS.talk)))

    def _cut_off(self, rng: np.random.Generator, calls: Calls) -> Calls:
        cut = ~calls.answered & (rng.random(len(calls)) < self.cut_off[self.desk.employers(calls.caller)])
        seconds = rng.uniform(*CUT_OFF_S, len(calls))
        return calls.but(ring_ms=np.where(cut, (seconds * SECOND).astype(np.int64), calls.ring_ms))


def settle(staff: Staff, country: Country, rng: np.random.Generator) -> Collectors:
    """Give every firm its debtors or leads, and its ways."""
    desk = draw_desk(rng, staff, country, MANNERS)
    cut_off, again, rings_back = (between(rng, staff, bounds) for bounds in (CUT_OFF, AGAIN, RINGS_BACK))
    return Collectors(desk, cut_off, again, rings_back)
