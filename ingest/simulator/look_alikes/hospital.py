"""Hospitals: lines of one house announce camps, results and bills in bursts, and wards ring families at any hour.

Many short answered calls to people who never ring back are what robocalls look like, too.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ingest.simulator.calls import Calls, joined
from ingest.simulator.habits.announcing import Announcement, announced
from ingest.simulator.habits.desk import Desk, Manners, draw_desk
from ingest.simulator.habits.manners import Scaled, between
from ingest.simulator.land.country import Country
from ingest.simulator.outcomes import Talk, attempts, missed, ringing_back
from ingest.simulator.randomness import FloatArray
from ingest.simulator.rhythm import HOUR, Day
from ingest.simulator.trades import Staff, Trade

TRADE = Trade(share=0.025, numbers="office", employer=(4, 14), per_device=0)

WARDS = Manners(  # people ring families by hand, by day and by night
    attempts=(2, 14),
    answer=(0.65, 0.9),
    talk=Talk(median_s=55, sigma=0.9, longest_s=1_500),
    slower=(0.6, 1.6),
    from_h=(0, 8),
    to_h=(18, 28),
    clients=(1_500, 15_000),
    reach=(0.2, 0.6, 0.2),
)
RECORDED = Talk(median_s=21, sigma=0.35, short_share=0.22, short_s=(1, 6), longest_s=58)
ANNOUNCES = (0.1, 0.7)  # of the days
RECIPIENTS = (20, 90)  # of a line
BEGINS_H = (8.5, 16.5)
GAP_S = (25, 90)
HEARD = (0.55, 0.85)  # answered
RINGS_BACK = 0.03  # of the missed: "you rang me?"


@dataclass(frozen=True)
class Hospitals:
    """All hospitals of the country."""

    desk: Desk
    announces: FloatArray  # [employers]
    recipients: FloatArray  # [employers]
    gap_s: FloatArray  # [employers]
    heard: FloatArray  # [employers]

    def calls(self, day: Day, rng: np.random.Generator) -> Calls:
        """Give what wards and machines ring on a day, and who rings back."""
        by_hand = self.desk.calls_of(rng, day, self.desk.at_work(rng, 0.9))
        recorded = self._announced(day, rng)
        back = ringing_back(rng, missed(recorded), share=RINGS_BACK, median_ms=HOUR, talk=WARDS.talk)
        return joined((by_hand, recorded, back))

    def _announced(self, day: Day, rng: np.random.Generator) -> Calls:
        staff = self.desk.staff
        today = rng.random(staff.employers) < self.announces * (0.3 if day.is_free else 1.0)
        begins = rng.uniform(*BEGINS_H, staff.employers)
        what = Announcement((self.recipients * today).astype(np.int64), begins, self.gap_s)
        to = announced(rng, day, staff, self.desk.clientele, what)
        talk = Scaled(RECORDED, self.desk.slower[to.employer])
        return attempts(rng, to.caller, to.callee, to.started, answer=self.heard[to.employer], talk=talk)


def settle(staff: Staff, country: Country, rng: np.random.Generator) -> Hospitals:
    """Give every hospital its patients and its ways."""
    desk = draw_desk(rng, staff, country, WARDS)
    lines = np.bincount(staff.employer, minlength=staff.employers)
    recipients = between(rng, staff, RECIPIENTS) * lines
    announces, gap, heard = (between(rng, staff, bounds) for bounds in (ANNOUNCES, GAP_S, HEARD))
    return Hospitals(desk, announces, recipients, gap, heard)
