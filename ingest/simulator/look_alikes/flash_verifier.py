"""Licensed flash calls: an app proves that a number is its user's by a call cut after one ring; its last digits are the
code. Numbers of a leased block take turns, everybody is rung once or twice, at all hours in which apps are installed.

Surface of wangiri and of unlicensed flash calls (fraud types); hardly anybody rings back, and nobody waits for those.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ingest.simulator.calls import Calls, joined
from ingest.simulator.habits.desk import Desk, Manners, draw_desk
from ingest.simulator.habits.manners import between
from ingest.simulator.land.country import Country
from ingest.simulator.outcomes import Talk, ringing_back
from ingest.simulator.randomness import FloatArray, IntArray
from ingest.simulator.rhythm import HOUR, MINUTE, SECOND, Day, by_day
from ingest.simulator.trades import Staff, Trade

TRADE = Trade(share=0.03, numbers="block", employer=(10, 60), per_device=0, newborn=0.2, hosted=0.4)

MANNERS = Manners(
    attempts=(2, 90),
    answer=(0.0, 0.03),  # picked up before the call is cut
    talk=Talk(median_s=2, sigma=0.4, longest_s=6),
    slower=(1, 1),
    from_h=(0, 0),
    to_h=(24, 24),
    clients=(20_000, 400_000),
    reach=(0.0, 0.15, 0.85),
)
RING_S = (0.8, 4.0)
RINGS_BACK = (0.0, 0.015)  # "somebody rang me?"
CAMPAIGN = 0.12  # of the days an app is advertised, and most is asked for within hours
CAMPAIGN_H = (0.7, 4.0)


@dataclass(frozen=True)
class FlashVerifiers:
    """All licensed verifiers."""

    desk: Desk
    rings_back: FloatArray  # [employers]

    def calls(self, day: Day, rng: np.random.Generator) -> Calls:
        """Give the verifications of a day, and who rings back."""
        lines = self.desk.at_work(rng, 0.95)
        employer = self.desk.staff.employer[lines]
        started = self._asked(day, rng, employer)
        calls = self.desk.towards(rng, lines, self.desk.clientele.draw(rng, employer), started)
        rung = calls.but(ring_ms=(rng.uniform(*RING_S, len(calls)) * SECOND).astype(np.int64))
        back = self.desk.some(rng, rung, self.rings_back)
        talk = Talk(median_s=9, sigma=0.4, longest_s=40)  # "this number does not take calls"
        return joined((rung, ringing_back(rng, back, share=1.0, median_ms=12 * MINUTE, talk=talk, answer=0.5)))

    def _asked(self, day: Day, rng: np.random.Generator, employer: IntArray) -> IntArray:
        """Draw when people install the app: all day, or within the hours of a campaign."""
        apps = self.desk.staff.employers
        advertised = rng.random(apps) < CAMPAIGN
        begins, lasts = rng.uniform(8, 19, apps), rng.uniform(*CAMPAIGN_H, apps)
        hours = begins[employer] + lasts[employer] * rng.random(len(employer))
        usual = by_day(day).draw(rng, day, len(employer))
        return np.where(advertised[employer], day.start + (hours * HOUR).astype(np.int64), usual)


def settle(staff: Staff, country: Country, rng: np.random.Generator) -> FlashVerifiers:
    """Give every verifier the users of its app and its ways."""
    return FlashVerifiers(draw_desk(rng, staff, country, MANNERS), between(rng, staff, RINGS_BACK))
