"""Night shifts: wards, guards, plants and support for other continents work at night and call each other and home then.

Calls at hours when others sleep are the mark of hacked switchboards and premium-rate fraud (fraud types).
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
from ingest.simulator.rhythm import MINUTE, Day
from ingest.simulator.trades import Staff, Trade

TRADE = Trade(share=0.08, numbers="own", employer=(4, 30))

AT_WORK = 0.7
MANNERS = Manners(
    attempts=(1.5, 14),  # a night
    answer=(0.6, 0.9),
    talk=Talk(median_s=60, sigma=1.0, short_share=0.15, longest_s=5_400),
    slower=(0.3, 2.2),  # "all quiet at the gate" … somebody who cannot sleep
    from_h=(18, 22),
    to_h=(28, 31),
    clients=(15, 400),
    reach=(0.6, 0.2, 0.2),
)
COLLEAGUES = (0.1, 0.7)  # of the calls


@dataclass(frozen=True)
class NightShifts:
    """All who work at night."""

    desk: Desk
    colleagues: FloatArray  # [employers]

    def calls(self, day: Day, rng: np.random.Generator) -> Calls:
        """Give the calls of the night that begins with the day's evening."""
        made = self.desk.calls_of(rng, day, self.desk.at_work(rng, AT_WORK))
        made = self._to_colleagues(rng, made)
        return joined((made, ringing_back(rng, missed(made), share=0.3, median_ms=12 * MINUTE, talk=MANNERS.talk)))

    def _to_colleagues(self, rng: np.random.Generator, calls: Calls) -> Calls:
        employer = self.desk.employers(calls.caller)
        colleague = self.desk.staff.members[self.desk.any_line(rng, employer)]
        inside = (rng.random(len(calls)) < self.colleagues[employer]) & (colleague != calls.caller)
        return calls.but(callee=np.where(inside, colleague, calls.callee))


def settle(staff: Staff, country: Country, rng: np.random.Generator) -> NightShifts:
    """Give every shift whom it calls and its ways."""
    return NightShifts(draw_desk(rng, staff, country, MANNERS), between(rng, staff, COLLEAGUES))
