"""Appointments: practices, garages and salons remind their customers by short calls or texts on the eve."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ingest.simulator.calls import Calls, joined
from ingest.simulator.habits.desk import Desk, Manners, draw_desk
from ingest.simulator.habits.manners import between, texted
from ingest.simulator.land.country import Country
from ingest.simulator.outcomes import Talk, missed, ringing_back
from ingest.simulator.randomness import FloatArray
from ingest.simulator.rhythm import HOUR, Day
from ingest.simulator.trades import Staff, Trade

TRADE = Trade(share=0.08, numbers="own", employer=(1, 3))

MANNERS = Manners(
    attempts=(2, 16),
    answer=(0.5, 0.85),
    talk=Talk(median_s=28, sigma=0.7, short_share=0.1, longest_s=600),
    slower=(0.5, 2.0),  # a recorded voice … an old lady who wants another day
    from_h=(9, 16),
    to_h=(17, 21),
    clients=(60, 900),  # they come back every few weeks or months
    reach=(0.7, 0.25, 0.05),
)
TEXTS = (0.0, 0.8)  # of the reminders
RINGS_BACK = 0.25  # of the missed


@dataclass(frozen=True)
class Appointments:
    """All who remind."""

    desk: Desk
    texts: FloatArray  # [employers]

    def calls(self, day: Day, rng: np.random.Generator) -> Calls:
        """Give the reminders of a day, which is the eve of a working day."""
        lines = self.desk.at_work(rng, 0.1 if day.is_free else 0.9)
        reminders = self.desk.calls_of(rng, day, lines)
        text = rng.random(len(reminders)) < self.texts[self.desk.employers(reminders.caller)]
        by_text, rung = reminders.where(text), reminders.where(~text)
        back = ringing_back(rng, missed(rung), share=RINGS_BACK, median_ms=HOUR, talk=self.desk.talk)
        return joined((rung, texted(rng, by_text.caller, by_text.callee, by_text.started), back))


def settle(staff: Staff, country: Country, rng: np.random.Generator) -> Appointments:
    """Give every practice its customers and its ways."""
    return Appointments(draw_desk(rng, staff, country, MANNERS), between(rng, staff, TEXTS))
