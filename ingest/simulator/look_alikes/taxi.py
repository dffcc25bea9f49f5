"""Taxis: drivers of a fleet ring strangers shortly, one after the other, from all over town; some drive by night.

A passenger often rings first, and few meet the same driver again. A fleet that goes between cities is seen far from
home, as a roamer is (the taxi fleet as a look-alike of a SIM box: many cells, where a SIM box has few).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ingest.simulator.calls import Calls, joined
from ingest.simulator.habits.clientele import homes
from ingest.simulator.habits.desk import Desk, Manners, draw_desk
from ingest.simulator.habits.manners import between
from ingest.simulator.land.country import Country
from ingest.simulator.land.numbering import REGIONS
from ingest.simulator.land.places import Places
from ingest.simulator.outcomes import Talk, attempts, missed, ringing_back
from ingest.simulator.randomness import FloatArray, IntArray
from ingest.simulator.rhythm import HOUR, MINUTE, Day
from ingest.simulator.trades import Staff, Trade

TRADE = Trade(share=0.06, numbers="own", employer=(5, 60))

AT_WORK = 0.8
MANNERS = Manners(
    attempts=(5, 28),  # passengers rung a day
    answer=(0.6, 0.9),
    talk=Talk(median_s=19, sigma=0.6, longest_s=400),
    slower=(0.6, 2.0),
    from_h=(5, 12),
    to_h=(17, 24),
    clients=(5_000, 60_000),
    reach=(0.0, 0.8, 0.2),
)
NIGHT = 0.3  # of the drivers take the car when the others come home
NIGHT_H = (20, 29)
PASSENGERS_RING = 0.5  # for each passenger rung: "where are you?"
INTERCITY = 0.2  # of the fleets
ELSEWHERE = (0.1, 0.5)  # of such a fleet's calls: made in another region


@dataclass(frozen=True)
class Taxis:
    """All fleets of the country."""

    desk: Desk
    places: Places
    region: IntArray  # [employers]
    elsewhere: FloatArray  # [employers]
    by_night: IntArray  # [members] 1 = drives by night

    def calls(self, day: Day, rng: np.random.Generator) -> Calls:
        """Give the day's calls to passengers, and theirs."""
        lines = self.desk.at_work(rng, AT_WORK)
        night = self.by_night[lines] == 1
        rung = joined((self.desk.calls_of(rng, day, lines[~night]), self._at_night(rng, day, lines[night])))
        rung = rung.but(cell=self._cells(rng, self.desk.employers(rung.caller)))
        asks = rung.where(rng.random(len(rung)) < PASSENGERS_RING)
        before = asks.started - rng.integers(MINUTE, 9 * MINUTE, len(asks))
        asked = attempts(rng, asks.callee, asks.caller, before, answer=0.8, talk=self.desk.talk)
        asked = asked.where(asked.started >= day.start)
        back = ringing_back(rng, missed(rung), share=0.4, median_ms=3 * MINUTE, talk=self.desk.talk)
        return joined((rung, asked, back))

    def _at_night(self, rng: np.random.Generator, day: Day, lines: IntArray) -> Calls:
        calls = self.desk.calls_of(rng, day, lines)
        hours = rng.uniform(*NIGHT_H, len(calls))
        return calls.but(started=day.start + (hours * HOUR).astype(np.int64))

    def _cells(self, rng: np.random.Generator, fleet: IntArray) -> IntArray:
        away = rng.random(len(fleet)) < self.elsewhere[fleet]
        region = np.where(away, rng.integers(len(REGIONS), size=len(fleet)), self.region[fleet])
        first = self.places.first[region]
        cells: IntArray = first + (rng.random(len(fleet)) * (self.places.first[region + 1] - first)).astype(np.int64)
        return cells


def settle(staff: Staff, country: Country, rng: np.random.Generator) -> Taxis:
    """Give every fleet its town and its ways."""
    elsewhere = between(rng, staff, ELSEWHERE) * (rng.random(staff.employers) < INTERCITY)
    night = (rng.random(len(staff.members)) < NIGHT).astype(np.int64)
    return Taxis(draw_desk(rng, staff, country, MANNERS), country.places, homes(staff, country), elsewhere, night)
