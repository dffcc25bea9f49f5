"""Radio phone-ins: within one hour thousands try the same number; nearly all find it busy, a few are kept on the line.

A huge in-star that begins at once (fraud types: the look-alike of traffic pumping); winners are rung by the station.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ingest.simulator.calls import Calls, joined
from ingest.simulator.habits.clientele import Clientele, draw_clientele
from ingest.simulator.habits.manners import between
from ingest.simulator.land.country import Country
from ingest.simulator.outcomes import Talk, at_once, attempts, missed
from ingest.simulator.randomness import FloatArray
from ingest.simulator.rhythm import HOUR, MINUTE, Day, after
from ingest.simulator.trades import Staff, Trade

TRADE = Trade(share=0.006, numbers="block", employer=(1, 4), per_device=0)

ON_AIR = 0.6  # of the days
SHOWS_H = (6.0, 23.5)
LASTS_H = (0.5, 2.0)
TRY = (15, 250)  # listeners for each line of a station
GETS_IN = 0.12
ON_THE_LINE = Talk(median_s=170, sigma=0.8, longest_s=1_800)  # music, then a question
TRIES_AGAIN, AGAIN_MS = 0.55, 1.5 * MINUTE
WINNERS = 0.03


@dataclass(frozen=True)
class RadioPhoneIns:
    """All stations of the country."""

    staff: Staff
    listeners: Clientele
    tries: FloatArray  # [employers]
    show_h: FloatArray  # [employers]
    lasts_h: FloatArray  # [employers]

    def calls(self, day: Day, rng: np.random.Generator) -> Calls:
        """Give the day's shows."""
        on_air = rng.random(self.staff.employers) < ON_AIR
        line = np.repeat(np.arange(len(self.staff.members)), rng.poisson((self.tries * on_air)[self.staff.employer]))
        station = self.staff.employer[line]
        hours = self.show_h[station] + rng.random(len(line)) * self.lasts_h[station]
        started = day.start + (hours * HOUR).astype(np.int64)
        who = self.listeners.draw(rng, station)
        first = attempts(rng, who, self.staff.members[line], started, answer=GETS_IN, talk=ON_THE_LINE)
        tries = at_once(rng, joined((first, *_again(rng, first))))
        return joined((_busy(tries), _won(rng, first)))


def _again(rng: np.random.Generator, calls: Calls) -> list[Calls]:
    """Let those who found it busy try once more, and twice."""
    found = []
    for _ in range(2):
        again = missed(calls)
        again = again.where(rng.random(len(again)) < TRIES_AGAIN)
        later = after(rng, again.started, AGAIN_MS, 0.6)
        calls = attempts(rng, again.caller, again.callee, later, answer=GETS_IN, talk=ON_THE_LINE)
        found.append(calls)
    return found


def _busy(calls: Calls) -> Calls:
    return calls.but(ring_ms=np.where(calls.answered, calls.ring_ms, 0))


def _won(rng: np.random.Generator, first: Calls) -> Calls:
    winners = first.where(rng.random(len(first)) < WINNERS)
    return attempts(
        rng, winners.callee, winners.caller, after(rng, winners.started, HOUR), answer=0.8, talk=ON_THE_LINE
    )


def settle(staff: Staff, country: Country, rng: np.random.Generator) -> RadioPhoneIns:
    """Give every station its listeners and its show."""
    listeners = draw_clientele(rng, staff, country, (3_000, 60_000), (0.05, 0.75, 0.2))
    tries, show, lasts = (between(rng, staff, bounds) for bounds in (TRY, SHOWS_H, LASTS_H))
    return RadioPhoneIns(staff, listeners, tries, show, lasts)
