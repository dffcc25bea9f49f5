"""The country as the calling parts of a world see it: who lives where, and which days there are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from ingest.simulator.calls import Calls, empty
from ingest.simulator.land.carriers import Trunks
from ingest.simulator.land.lines import Lines
from ingest.simulator.land.numbering import BLOCK, NumberingPlan
from ingest.simulator.land.places import Places
from ingest.simulator.randomness import BoolArray, IntArray
from ingest.simulator.rhythm import Day


@dataclass(frozen=True)
class Country:
    """Everything is settled before the first call."""

    plan: NumberingPlan
    lines: Lines
    people_line: IntArray  # [people] rows of `lines`
    people: IntArray  # [people] slots of all who have friends; by region, near in this order = near in life
    region_start: IntArray  # [regions + 1] where each region's people begin
    subscribers: IntArray  # [n] slots of ordinary people and small businesses, each once
    fixed: IntArray  # [n] the subscribers on fixed lines
    foreign: IntArray  # [n] slots of ordinary people abroad
    firms_abroad: IntArray  # [n] slots of airlines, hotels, banks and call centres abroad
    services: Mapping[str, IntArray]  # slots of numbers that any world has, by what they are
    held: BoolArray  # [slots] False = nobody ever holds the number
    spare: IntArray  # slots of mobiles that nobody ever holds
    places: Places
    trunks: Trunks
    days: tuple[Day, ...]

    def present(self, day: Day) -> BoolArray:
        """Tell which of `people` have their line on a day; a recycled number stands there twice."""
        there: BoolArray = self.lines.there(day.index)[self.people_line]
        return there

    def alive(self, day: Day) -> BoolArray:
        """Tell which numbers somebody holds on a day, [slots]."""
        alive = np.zeros(self.plan.slots, dtype=np.bool_)
        alive[self.lines.slot[self.lines.there(day.index)]] = True
        return alive

    def unallocated(self, rng: np.random.Generator, count: int) -> IntArray:
        """Draw mobile numbers that nobody ever holds; each once as long as there are enough."""
        if count > len(self.spare):
            return self.spare[rng.integers(len(self.spare), size=count)]
        return self.spare[rng.choice(len(self.spare), size=count, replace=False)]

    def neighbours(self, rng: np.random.Generator, slots: IntArray) -> IntArray:
        """Draw a number of the same block for each of `slots`, held or not: it shares the first national digits."""
        neighbours: IntArray = slots // BLOCK * BLOCK + rng.integers(BLOCK, size=len(slots))
        return neighbours


class Callers(Protocol):
    """A part of the world that makes calls, a day at a time."""

    def calls(self, day: Day, rng: np.random.Generator) -> Calls:
        """Give the calls that begin with `day`; some may start after its end."""
        ...


class Quiet:
    """Those who make no calls but the everyday ones."""

    def calls(self, day: Day, rng: np.random.Generator) -> Calls:  # noqa: ARG002  # asked like every part
        """Give none."""
        return empty()
