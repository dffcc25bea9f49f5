"""Heavy new lines: a business opens, and its number calls and is called much from the first day on.

Young, heavy and sometimes straight to other countries, as subscription fraud is (fraud types); but customers are rung
again, and ring themselves.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ingest.simulator.calls import Calls, joined
from ingest.simulator.habits.desk import Desk, Manners, draw_desk
from ingest.simulator.habits.manners import between
from ingest.simulator.land.country import Country
from ingest.simulator.outcomes import Talk, attempts, missed, ringing_back
from ingest.simulator.randomness import FloatArray, IntArray
from ingest.simulator.rhythm import MINUTE, Day
from ingest.simulator.trades import Staff, Trade

TRADE = Trade(share=0.06, numbers="own", employer=(1, 3), newborn=0.7)

MANNERS = Manners(
    attempts=(4, 50),
    answer=(0.55, 0.85),
    talk=Talk(median_s=80, sigma=1.0, short_share=0.12, longest_s=5_400),
    slower=(0.4, 1.8),
    from_h=(6, 10),
    to_h=(18, 24),
    clients=(60, 900),
    reach=(0.3, 0.3, 0.4),
)
SUNDAY = 0.5  # open
TRADES_ABROAD = 0.15  # of the businesses
ABROAD = (0.1, 0.7)  # of the calls of such a one
SUPPLIERS = 12  # numbers abroad whom it knows
RUNG = (0.05, 0.8)  # calls of customers, for each call of its own


@dataclass(frozen=True)
class HeavyLines:
    """All new businesses."""

    desk: Desk
    foreign: IntArray
    abroad: FloatArray  # [employers]
    supplier: IntArray  # [employers] position of the first in `foreign`
    rung: FloatArray  # [employers]

    def calls(self, day: Day, rng: np.random.Generator) -> Calls:
        """Give the day's calls of the business and of its customers."""
        made = self._some_abroad(
            rng, self.desk.calls_of(rng, day, self.desk.at_work(rng, SUNDAY if day.is_sunday else 0.95))
        )
        back = ringing_back(rng, missed(made), share=0.25, median_ms=20 * MINUTE, talk=MANNERS.talk)
        return joined((made, back, self._rung(day, rng, made)))

    def _some_abroad(self, rng: np.random.Generator, calls: Calls) -> Calls:
        employer = self.desk.employers(calls.caller)
        to = self.supplier[employer] + rng.integers(SUPPLIERS, size=len(calls))
        leaves = rng.random(len(calls)) < self.abroad[employer]
        return calls.but(callee=np.where(leaves, self.foreign[to % len(self.foreign)], calls.callee))

    def _rung(self, day: Day, rng: np.random.Generator, made: Calls) -> Calls:
        """Let customers ring."""
        asks = self.desk.some(rng, made, self.rung)
        employer = self.desk.employers(asks.caller)
        customer = self.desk.clientele.draw(rng, employer)
        apart = customer != asks.caller
        moments = self.desk.moments(rng, day, employer)[apart]
        return attempts(rng, customer[apart], asks.caller[apart], moments, answer=0.8, talk=MANNERS.talk)


def settle(staff: Staff, country: Country, rng: np.random.Generator) -> HeavyLines:
    """Give every business its customers, its suppliers and its ways."""
    desk = draw_desk(rng, staff, country, MANNERS)
    abroad = between(rng, staff, ABROAD) * (rng.random(staff.employers) < TRADES_ABROAD)
    supplier = rng.integers(len(country.foreign), size=staff.employers)
    return HeavyLines(desk, np.sort(country.foreign), abroad, supplier, between(rng, staff, RUNG))
