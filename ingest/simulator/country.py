"""The country as the calling parts of a world see it: who lives where, and which days there are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from ingest.simulator.calls import Calls
from ingest.simulator.numbering import NumberingPlan
from ingest.simulator.randomness import BoolArray, IntArray
from ingest.simulator.rhythm import Day


@dataclass(frozen=True)
class Country:
    """Everything is settled before the first call."""

    plan: NumberingPlan
    people: IntArray  # [people] slots of all who have friends; by region, near in this order = near in life
    region_start: IntArray  # [regions + 1] where each region's people begin
    subscribers: IntArray  # [n] slots of people who are neither staff nor fraudulent
    held: BoolArray  # [slots] False = a dead number
    days: tuple[Day, ...]


class Callers(Protocol):
    """A part of the world that makes calls, a day at a time."""

    def calls(self, day: Day, rng: np.random.Generator) -> Calls:
        """Give the calls that begin with `day`; some may start after its end."""
        ...


@dataclass(frozen=True)
class Staff:
    """The numbers of one innocent trade."""

    members: IntArray  # [n] slots
    employer: IntArray  # [n] which of the trade's employers
