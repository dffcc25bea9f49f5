"""Conference bridges: people of one group ring the same few numbers within minutes and stay for the whole meeting.

A huge in-star of long calls to one range, some from abroad: the surface of traffic pumping and of premium-rate fraud.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ingest.simulator.calls import Calls
from ingest.simulator.habits.clientele import Clientele, draw_clientele
from ingest.simulator.habits.manners import between
from ingest.simulator.land.country import Country
from ingest.simulator.outcomes import BY_MACHINE, IN_VAIN, UNTIL_ANSWERED
from ingest.simulator.randomness import FloatArray, IntArray, lognormal
from ingest.simulator.rhythm import HOUR, MINUTE, SECOND, Day
from ingest.simulator.trades import Staff, Trade

TRADE = Trade(share=0.015, numbers="block", employer=(4, 30), per_device=0)

MEETINGS = (0.3, 2.5)  # of a number on a working day
ON_FREE_DAYS = 0.12
FROM_H, HOURS = (7, 19), 8  # half and full hours; evenings and nights with other continents
PEOPLE_MEDIAN, PEOPLE_SIGMA, MOST = 6, 0.7, 60
MINUTES_MEDIAN, MINUTES_SIGMA = 32, 0.6
LATE_MIN = 4.0  # in the mean
LEAVES = 0.25  # before the end
ABROAD = 0.08  # of the participants
DIALLED = (0.0, 0.8)  # are rung by the bridge instead
GETS_IN = 0.93
GROUP = 120  # people from whom those of a meeting come


@dataclass(frozen=True)
class ConferenceBridges:
    """All bridges of the country."""

    staff: Staff
    groups: Clientele
    foreign: IntArray
    meetings: FloatArray  # [members]
    from_h: FloatArray  # [employers]
    dialled: FloatArray  # [employers]

    def calls(self, day: Day, rng: np.random.Generator) -> Calls:
        """Give the day's meetings."""
        held = rng.poisson(self.meetings * (ON_FREE_DAYS if day.is_free else 1.0))
        bridge = np.repeat(np.arange(len(held)), held)
        half_hours = rng.integers(HOURS * 2, size=len(bridge)) + (self.from_h[self.staff.employer[bridge]] * 2).astype(
            np.int64
        )
        begins = day.start + half_hours * (HOUR // 2)
        lasts = lognormal(rng, len(bridge), MINUTES_MEDIAN * MINUTE, MINUTES_SIGMA)
        size = np.clip(lognormal(rng, len(bridge), PEOPLE_MEDIAN, PEOPLE_SIGMA), 3, MOST).astype(np.int64)
        who = self._participants(rng, bridge, size)
        meeting = np.repeat(np.arange(len(bridge)), size)
        started = begins[meeting] + (rng.gamma(2.0, LATE_MIN / 2, len(who)) * MINUTE).astype(np.int64)
        return self._joining(rng, bridge[meeting], who, started, (begins + lasts)[meeting])

    def _participants(self, rng: np.random.Generator, bridge: IntArray, size: IntArray) -> IntArray:
        """Give the people of each meeting: neighbours in the list of the bridge's operator, some abroad."""
        meeting = np.repeat(np.arange(len(bridge)), size)
        first = rng.integers(1 << 30, size=len(bridge)) // GROUP * GROUP
        place = first[meeting] + rng.integers(GROUP, size=len(meeting))
        who = self.groups.of(self.staff.employer[bridge[meeting]], place)
        abroad = self.foreign[rng.integers(len(self.foreign), size=len(who))]
        return np.where(rng.random(len(who)) < ABROAD, abroad, who)

    def _joining(
        self, rng: np.random.Generator, line: IntArray, who: IntArray, started: IntArray, ends: FloatArray
    ) -> Calls:
        bridge = self.staff.members[line]
        leaves = np.where(rng.random(len(who)) < LEAVES, rng.random(len(who)), 1.0)
        stays_s = np.maximum((ends - started) * leaves / SECOND, 15).astype(np.int64)
        dialled = rng.random(len(who)) < self.dialled[self.staff.employer[line]]
        caller, callee = np.where(dialled, bridge, who), np.where(dialled, who, bridge)
        answered = rng.random(len(who)) < np.where(dialled, 0.7, GETS_IN)
        until = np.where(dialled, UNTIL_ANSWERED.draw(rng, len(who)), BY_MACHINE.draw(rng, len(who)))
        ring = np.where(answered, until, IN_VAIN.draw(rng, len(who)))
        return Calls(caller, callee, started, answered, ring, np.where(answered, stays_s * SECOND, 0))


def settle(staff: Staff, country: Country, rng: np.random.Generator) -> ConferenceBridges:
    """Give every operator its customers."""
    groups = draw_clientele(rng, staff, country, (600, 12_000), (0.1, 0.5, 0.4))
    meetings = rng.uniform(*MEETINGS, len(staff.members))
    from_h, dialled = between(rng, staff, FROM_H), between(rng, staff, DIALLED)
    return ConferenceBridges(staff, groups, country.foreign, meetings, from_h, dialled)
