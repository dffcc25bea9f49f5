"""Announcements: an employer's lines work through a piece of its list one after the other, at an even pace."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ingest.simulator.habits.clientele import Clientele, first_lines
from ingest.simulator.randomness import FloatArray, IntArray
from ingest.simulator.rhythm import HOUR, SECOND, Day
from ingest.simulator.trades import Staff


class Announced(NamedTuple):
    """Calls or texts without outcomes, one row each."""

    employer: IntArray
    caller: IntArray
    callee: IntArray
    started: IntArray


class Announcement(NamedTuple):
    """What each employer announces on a day, [employers] each."""

    recipients: IntArray  # 0 = nothing today
    begins_h: FloatArray
    gap_s: FloatArray  # between two calls of one line


def announced(rng: np.random.Generator, day: Day, staff: Staff, clientele: Clientele, what: Announcement) -> Announced:
    """Give the announcements of a day, each to a piece of the list from a drawn place on."""
    count = what.recipients
    employer = np.repeat(np.arange(staff.employers), count)
    place = np.arange(len(employer)) - np.repeat(np.cumsum(count) - count, count)
    turn, line = np.divmod(place, np.bincount(staff.employer, minlength=staff.employers)[employer])
    since_s = (turn + rng.random(len(place))) * what.gap_s[employer]
    from_place = (rng.random(staff.employers) * clientele.size).astype(np.int64)
    return Announced(
        employer,
        staff.members[first_lines(staff)[employer] + line],
        clientele.of(employer, from_place[employer] + place),
        day.start + (what.begins_h[employer] * HOUR + since_s * SECOND).astype(np.int64),
    )
