"""PBX gateways: a firm's switchboard sends calls to mobiles over a box with many SIMs, which is cheaper.

Many numbers on one device at one cell, many calls out, hardly any in: fraud types name them as look-alikes of a SIM
box. But these are a firm's calls, in its hours, to its customers, who are rung again.
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

TRADE = Trade(share=0.03, numbers="scattered", employer=(8, 32), per_device=16, stays=True, newborn=0.15)

MANNERS = Manners(
    attempts=(4, 70),  # of a SIM
    answer=(0.45, 0.75),
    talk=Talk(median_s=70, sigma=1.0, short_share=0.15, longest_s=3_600),
    slower=(0.5, 1.8),
    from_h=(6, 10),
    to_h=(17, 24),  # hotels and support lines work late
    clients=(300, 12_000),
    reach=(0.15, 0.35, 0.5),
)
ON_FREE_DAYS = (0.0, 0.9)  # of the firms work
RINGS_BACK = (0.0, 0.06)  # of the missed: the number of a SIM is nobody's
AGAIN = 0.25  # of the missed are tried again, by any SIM


@dataclass(frozen=True)
class PbxGateways:
    """All firms with such a box."""

    desk: Desk
    on_free_days: FloatArray  # [employers]
    rings_back: FloatArray  # [employers]

    def calls(self, day: Day, rng: np.random.Generator) -> Calls:
        """Give the day's calls, second tries and the few calls back."""
        lines = self.desk.at_work(rng, 1.0)
        works = rng.random(len(self.on_free_days)) < (self.on_free_days if day.is_free else 1.0)
        made = self.desk.calls_of(rng, day, lines[works[self.desk.staff.employer[lines]]])
        back = self.desk.some(rng, missed(made), self.rings_back)
        returned = ringing_back(rng, back, share=1.0, median_ms=20 * MINUTE, talk=MANNERS.talk, answer=0.5)
        return joined((made, self._again(rng, missed(made)), returned))

    def _again(self, rng: np.random.Generator, calls: Calls) -> Calls:
        again = calls.where(rng.random(len(calls)) < AGAIN)
        sim = self.desk.any_line(rng, self.desk.employers(again.caller))
        return self.desk.towards(rng, sim, again.callee, after(rng, again.started, HOUR, 0.8))


def settle(staff: Staff, country: Country, rng: np.random.Generator) -> PbxGateways:
    """Give every firm its customers and its ways."""
    desk = draw_desk(rng, staff, country, MANNERS)
    return PbxGateways(desk, between(rng, staff, ON_FREE_DAYS), between(rng, staff, RINGS_BACK))
