"""Alarm lines: lifts, fences and safes report to their station at the same minute every day and night.

The station is the first number of an employer; the others are machines, each at one cell with a SIM of its own. An even
pace, no friends and calls at night are what a dialler of a ring has, too.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ingest.simulator.activity import callers
from ingest.simulator.calls import Calls, joined
from ingest.simulator.habits.clientele import Clientele, draw_clientele, first_lines
from ingest.simulator.habits.manners import between
from ingest.simulator.land.country import Country
from ingest.simulator.outcomes import Talk, attempts
from ingest.simulator.randomness import FloatArray, IntArray
from ingest.simulator.rhythm import HOUR, MINUTE, SECOND, Day
from ingest.simulator.trades import Staff, Trade

TRADE = Trade(share=0.05, numbers="scattered", employer=(25, 150), stays=True)

REPORTS = (1, 9)  # of a machine a day, evenly spread; EN 50136-1 has grades from daily on
LATE_S = 40
REPORT = Talk(median_s=12, sigma=0.25, longest_s=60)
RECEIVED = 0.97
ALARMS = 0.01  # of a machine a day; most are false
OWNERS_RUNG = 3  # for an alarm, by the station
OWNER = Talk(median_s=45, sigma=0.7, longest_s=900)


@dataclass(frozen=True)
class AlarmLines:
    """All stations with their machines."""

    staff: Staff
    owners: Clientele
    station: IntArray  # [members] slot
    reports: FloatArray  # [members] a day
    first_h: FloatArray  # [members] of the day's first report

    def calls(self, day: Day, rng: np.random.Generator) -> Calls:
        """Give the day's reports, and what follows alarms."""
        return joined((self._reports(day, rng), self._alarms(day, rng)))

    def _reports(self, day: Day, rng: np.random.Generator) -> Calls:
        machine = callers(rng, self.reports)
        turn = np.arange(len(machine)) - np.searchsorted(machine, machine)
        hour = (self.first_h[machine] + turn * 24 / np.maximum(self.reports[machine], 1)) % 24
        started = day.start + (hour * HOUR).astype(np.int64) + rng.integers(0, LATE_S * SECOND, len(machine))
        return self._towards_station(rng, machine, started)

    def _towards_station(self, rng: np.random.Generator, machine: IntArray, started: IntArray) -> Calls:
        machines, station = self.staff.members[machine], self.station[machine]
        return attempts(rng, machines, station, started, answer=RECEIVED, talk=REPORT)

    def _alarms(self, day: Day, rng: np.random.Generator) -> Calls:
        goes_off = rng.random(len(self.reports)) < ALARMS * (self.reports > 0)
        machine = np.flatnonzero(goes_off)
        started = day.start + rng.integers(0, 24 * HOUR, len(machine))
        alarm = self._towards_station(rng, machine, started)
        rung = np.repeat(np.arange(len(machine)), OWNERS_RUNG)
        owner = self.owners.draw(rng, self.staff.employer[machine[rung]])
        later = started[rung] + rng.integers(MINUTE, 12 * MINUTE, len(rung))
        return joined((alarm, attempts(rng, self.station[machine[rung]], owner, later, answer=0.7, talk=OWNER)))


def settle(staff: Staff, country: Country, rng: np.random.Generator) -> AlarmLines:
    """Give every machine its minutes of the day."""
    owners = draw_clientele(rng, staff, country, (25, 150), (0.3, 0.6, 0.1))
    first = first_lines(staff)
    reports = between(rng, staff, REPORTS)[staff.employer]
    reports[first] = 0.0
    return AlarmLines(staff, owners, staff.members[first][staff.employer], reports, rng.uniform(0, 24, len(reports)))
