"""What the numbers of a look-alike do, counted."""

from __future__ import annotations

import numpy as np

from ingest.simulator.calls import Calls
from ingest.simulator.randomness import BoolArray, FloatArray, IntArray
from ingest.simulator.rhythm import HOUR
from tests.ingest.simulator.worlds import Made, distinct_callees


def made_by(made: Made, name: str) -> Calls:
    """Give all calls that a look-alike's numbers make, those to friends included."""
    return made.made_by(made.staff(name).members)


def got_by(made: Made, name: str) -> Calls:
    """Give all calls to a look-alike's numbers."""
    return made.calls.where(np.isin(made.calls.callee, made.staff(name).members))


def per_number(calls: Calls) -> IntArray:
    """Give how many calls each number makes, of those that make any."""
    return np.unique(calls.caller, return_counts=True)[1]


def fanout(calls: Calls) -> FloatArray:
    """Give distinct callees over calls, of each number that makes five or more."""
    count = dict(zip(*np.unique(calls.caller, return_counts=True), strict=True))
    return np.array([len(to) / count[who] for who, to in distinct_callees(calls).items() if count[who] >= 5])


def by_night(made: Made, calls: Calls) -> BoolArray:
    """Tell which calls begin between 22 and 6, local time."""
    hour = (calls.started - made.world.days[0].start) // HOUR % 24
    late: BoolArray = (hour >= 22) | (hour < 6)
    return late


def target_regions(made: Made, calls: Calls) -> IntArray:
    """Give how many regions each calling number calls."""
    region = made.world.census.country.plan.region_of(calls.callee)
    pairs = np.unique(np.stack((calls.caller, region)), axis=1)
    return np.unique(pairs[0], return_counts=True)[1]


def busiest_hour(started: IntArray) -> int:
    """Give the most calls within sixty minutes."""
    ordered = np.sort(started)
    return int((np.searchsorted(ordered, ordered + HOUR) - np.arange(len(ordered))).max())


def medians(made: Made, name: str, calls: Calls) -> FloatArray:
    """Give the median talk in seconds of each employer that has twenty answered calls or more."""
    staff = made.staff(name)
    found = []
    for employer in range(staff.employers):
        talk = calls.talk_ms[np.isin(calls.caller, staff.of(employer)) & calls.answered] / 1_000
        if len(talk) >= 20:
            found.append(float(np.median(talk)))
    return np.array(found)
