"""Fixed cellular terminals: phones of kiosks, sites and villages that use a SIM, stay at one cell and are seldom rung.

Many calls out to many people from one cell, hardly any in: a SIM box by every such count, except that each terminal is
a device of its own, and that the same people are rung again (fraud types name both).
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

TRADE = Trade(share=0.045, numbers="scattered", employer=(1, 6), stays=True, newborn=0.1)

OPEN, OPEN_ON_SUNDAY = 0.92, 0.6
MANNERS = Manners(
    attempts=(3, 70),
    answer=(0.5, 0.8),
    talk=Talk(median_s=75, sigma=0.95, short_share=0.1, longest_s=3_600),
    slower=(0.5, 1.8),
    from_h=(5, 10),
    to_h=(18, 25),
    clients=(40, 3_000),
    reach=(0.45, 0.25, 0.3),  # at a site the workers ring home, all over the country
)
RUNG = (0.0, 0.06)  # calls back, of the missed


@dataclass(frozen=True)
class FixedTerminals:
    """All terminals of the country."""

    desk: Desk
    rung: FloatArray  # [employers]

    def calls(self, day: Day, rng: np.random.Generator) -> Calls:
        """Give the day's calls, and the few that come in."""
        made = self.desk.calls_of(rng, day, self.desk.at_work(rng, OPEN_ON_SUNDAY if day.is_sunday else OPEN))
        back = self.desk.some(rng, missed(made), self.rung)
        return joined((made, ringing_back(rng, back, share=1.0, median_ms=15 * MINUTE, talk=MANNERS.talk)))


def settle(staff: Staff, country: Country, rng: np.random.Generator) -> FixedTerminals:
    """Give every place its people and its ways."""
    return FixedTerminals(draw_desk(rng, staff, country, MANNERS), between(rng, staff, RUNG))
