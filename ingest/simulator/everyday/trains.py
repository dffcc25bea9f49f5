"""What follows a call between the same two: they try again, ring back, or have something to add.

So calls come in bursts, and most bursts are between two people (Karsai et al., Correlated dynamics in egocentric
communication networks, PLoS ONE 2012: in bursts of calls, one of the two does most of the calling). Waits are spread
evenly over their logarithm, a power law of exponent 1 between its ends.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ingest.simulator.calls import Calls
from ingest.simulator.quantiles import Quantiles, chances
from ingest.simulator.randomness import BoolArray, FloatArray, IntArray
from ingest.simulator.rhythm import DAY, HOUR, SECOND, Day

WAVES = 4  # a follow-up of a follow-up of …
TRY_AGAIN, RING_BACK = 0.3, 0.32  # after a missed call
ADD, ANSWER_BACK = 0.2, 0.06  # after a talk: the same caller again; the other
QUIET_FROM, QUIET_HOURS = 22.5, 9.0  # what would follow at night waits for the morning


def _log_uniform(shortest_ms: float, longest_ms: float) -> Quantiles:
    values: FloatArray = shortest_ms * (longest_ms / shortest_ms) ** chances()
    return Quantiles(values)


AFTER_MISSED = _log_uniform(8 * SECOND, 3 * HOUR)
AFTER_TALK = _log_uniform(15 * SECOND, 20 * HOUR)


class FollowUps(NamedTuple):
    """Calls that follow others."""

    caller: IntArray
    callee: IntArray
    started: IntArray
    returned: BoolArray  # by who was called before


def follow_ups(rng: np.random.Generator, day: Day, calls: Calls) -> FollowUps:
    """Draw what follows each of `calls`, at most one call each; it may start on a later day."""
    chance = rng.random(len(calls), dtype=np.float32)
    same = chance < np.where(calls.answered, np.float32(ADD), np.float32(TRY_AGAIN))
    returned = chance > np.where(calls.answered, np.float32(1 - ANSWER_BACK), np.float32(1 - RING_BACK))
    rows = np.flatnonzero(same | returned)
    chosen, back = calls.where(rows), returned[rows]
    wait = np.where(chosen.answered, AFTER_TALK.draw(rng, len(rows)), AFTER_MISSED.draw(rng, len(rows)))
    started = _not_at_night(day, chosen.started + chosen.ring_ms + chosen.talk_ms + wait)
    caller = np.where(back, chosen.callee, chosen.caller)
    return FollowUps(caller, chosen.caller + chosen.callee - caller, started, back)


def _not_at_night(day: Day, moment: IntArray) -> IntArray:
    since = (moment - day.start - int(QUIET_FROM * HOUR)) % DAY
    return moment + np.where(since < QUIET_HOURS * HOUR, int(QUIET_HOURS * HOUR), 0)
