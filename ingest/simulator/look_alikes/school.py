"""Schools: now and then all parents hear the same message within the hour; teachers also ring some by hand.

Parents live near each other and know each other, which no list of victims has.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ingest.simulator.calls import Calls, joined
from ingest.simulator.habits.announcing import Announcement, announced
from ingest.simulator.habits.desk import Desk, Manners, draw_desk
from ingest.simulator.habits.manners import Scaled, between, texted
from ingest.simulator.land.country import Country
from ingest.simulator.outcomes import Talk, attempts, missed, ringing_back
from ingest.simulator.randomness import FloatArray
from ingest.simulator.rhythm import MINUTE, Day
from ingest.simulator.trades import Staff, Trade

TRADE = Trade(share=0.04, numbers="block", employer=(1, 4), per_device=0)

TEACHERS = Manners(
    attempts=(0.5, 8),
    answer=(0.6, 0.85),
    talk=Talk(median_s=80, sigma=0.8, longest_s=1_800),
    slower=(0.6, 1.5),
    from_h=(8, 10),
    to_h=(14, 19),
    clients=(60, 500),
    reach=(0.9, 0.08, 0.02),  # boarding schools have parents everywhere
)
MESSAGE = Talk(median_s=24, sigma=0.3, short_share=0.12, short_s=(1, 6), longest_s=70)
ANNOUNCES = (0.03, 0.25)  # of the school days: fees, floods, results, "no school tomorrow"
BEGINS_H = (6.5, 19.5)
GAP_S = (15, 60)
REACHED = (0.3, 1.0)  # of the parents: a class or two … everybody
HEARD = (0.6, 0.9)
TEXTS = 0.3  # of the schools text instead


@dataclass(frozen=True)
class Schools:
    """All schools of the country."""

    desk: Desk
    announces: FloatArray  # [employers]
    gap_s: FloatArray  # [employers]
    heard: FloatArray  # [employers]
    texts: FloatArray  # [employers] 0 or 1

    def calls(self, day: Day, rng: np.random.Generator) -> Calls:
        """Give the announcements and the teachers' calls of a day; none on Sundays and holidays."""
        if day.is_free:
            return joined(())
        by_hand = self.desk.calls_of(rng, day, self.desk.at_work(rng, 0.9))
        message = self._announced(day, rng)
        back = ringing_back(rng, missed(message), share=0.06, median_ms=20 * MINUTE, talk=TEACHERS.talk)
        return joined((by_hand, message, back))

    def _announced(self, day: Day, rng: np.random.Generator) -> Calls:
        staff = self.desk.staff
        reached = rng.uniform(*REACHED, staff.employers) * (rng.random(staff.employers) < self.announces)
        recipients = (self.desk.clientele.size * reached).astype(np.int64)
        what = Announcement(recipients, rng.uniform(*BEGINS_H, staff.employers), self.gap_s)
        to = announced(rng, day, staff, self.desk.clientele, what)
        text = self.texts[to.employer] == 1
        talk = Scaled(MESSAGE, self.desk.slower[to.employer[~text]])
        rung = attempts(
            rng, to.caller[~text], to.callee[~text], to.started[~text], answer=self.heard[to.employer[~text]], talk=talk
        )
        return joined((rung, texted(rng, to.caller[text], to.callee[text], to.started[text])))


def settle(staff: Staff, country: Country, rng: np.random.Generator) -> Schools:
    """Give every school its parents and its ways."""
    desk = draw_desk(rng, staff, country, TEACHERS)
    announces, gap, heard = (between(rng, staff, bounds) for bounds in (ANNOUNCES, GAP_S, HEARD))
    return Schools(desk, announces, gap, heard, (rng.random(staff.employers) < TEXTS).astype(np.float64))
