"""A ring as an organisation: members, shifts and the list of victims they share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from ingest.simulator.calls import Calls
from ingest.simulator.country import Country
from ingest.simulator.randomness import BoolArray, FloatArray, IntArray, lognormal
from ingest.simulator.rhythm import Day
from ingest.simulator.settings import Hardness

ON_SHIFT = 0.65  # of the days of a ring's life


@dataclass(frozen=True)
class Crew:
    """Who belongs to a ring and when each works."""

    campaign: int  # row of the campaign
    members: IntArray  # [m] slots
    born: int  # index of the first day
    shifts: BoolArray  # [days, m]

    @property
    def days_worked(self) -> IntArray:
        """How many days each member works, [m]."""
        return np.asarray(self.shifts.sum(axis=0), dtype=np.int64)


class Ring(Protocol):
    """A planted ring."""

    @property
    def roles(self) -> Sequence[str]:
        """One of caller, opener, closer for each member."""
        ...

    def calls(self, day: Day, rng: np.random.Generator) -> Calls:
        """Give the day's calls of the members and what comes back from their victims."""
        ...


class RingKind(Protocol):
    """What a file in rings/ gives."""

    ONE_BLOCK: bool
    RESTS: bool

    def organise(self, crew: Crew, country: Country, hardness: Hardness, rng: np.random.Generator) -> Ring:
        """Make the ring's plan for the whole of the world's time."""
        ...


def draw_shifts(
    rng: np.random.Generator, days: Sequence[Day], born: int, members: int, rests_on_sunday: bool
) -> BoolArray:
    """Draw who works on which day, [days, members]; everyone works at least once after the ring is born."""
    open_days = np.array([day.index >= born and not (rests_on_sunday and day.is_sunday) for day in days])
    if not open_days.any():
        open_days[born:] = True
    shifts: BoolArray = (rng.random((len(days), members)) < ON_SHIFT) & open_days[:, None]
    idle = np.flatnonzero(~shifts.any(axis=0))
    shifts[rng.choice(np.flatnonzero(open_days), size=len(idle)), idle] = True
    return shifts


def efforts(rng: np.random.Generator, members: int, hardness: Hardness) -> FloatArray:
    """Draw each member's volume as a multiple of the full-blown pattern, [members]; at most twice the volume."""
    return hardness.volume * lognormal(rng, members, 1.0, hardness.uneven).clip(0.1, 2.0)


def overlapping_parts(rng: np.random.Generator, victims: IntArray, sizes: IntArray) -> list[IntArray]:
    """Give each member a drawn part of the shared list, in the order in which it is worked through."""
    return [rng.permutation(victims)[:size] for size in sizes]
