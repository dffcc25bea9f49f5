"""The world: everybody who calls, day by day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

import numpy as np
import pyarrow as pa

from ingest.simulator.calls import Calls, empty, in_order, joined
from ingest.simulator.census import PlantedRing, take_census, travelled
from ingest.simulator.country import Callers
from ingest.simulator.crew import Crew, Ring, draw_shifts
from ingest.simulator.everyday import Everyday
from ingest.simulator.kinds import look_alike_kinds, ring_kinds
from ingest.simulator.randomness import IntArray, generator
from ingest.simulator.rhythm import Day
from ingest.simulator.settings import HARDNESS, WorldSettings

BORN_WITHIN = 3  # days from the start


class World:
    """A settled world; every part draws from a generator of its own, so a new part leaves the others as they are."""

    def __init__(self, settings: WorldSettings) -> None:
        self.settings = settings
        self.census = take_census(settings)
        self.rings: Sequence[Ring] = [self._organised(row, ring) for row, ring in enumerate(self.census.rings)]

    @property
    def days(self) -> tuple[Day, ...]:
        """All local days."""
        return self.census.country.days

    @cached_property
    def names(self) -> pa.StringArray:
        """E.164 text of every slot."""
        return self.census.country.plan.names()

    def calls(self) -> Iterator[tuple[Day, Calls]]:
        """Give each day's calls in order; what begins before midnight and comes back after it is in the next day.

        What would come back after the last day is not part of the world.
        """
        parts, late = self._parts(), empty()
        for day in self.days:
            made = joined([late, *(part.calls(day, self._random(name, day)) for name, part in parts.items())])
            late = made.where(made.started >= day.end)
            yield day, in_order(made.where(made.started < day.end))

    def regions(self, day: Day) -> IntArray:
        """Give where every slot is on a day, as rows of REGIONS."""
        return travelled(self._random("travel", day), self.census.country.plan)

    def _parts(self) -> dict[str, Callers]:
        country = self.census.country
        parts: dict[str, Callers] = {"everyday": Everyday(country, self._random("everyday"))}
        for name, kind in look_alike_kinds().items():
            parts[name] = kind.settle(self.census.staff[name], country, self._random(name))
        return parts | {ring.campaign: calls for ring, calls in zip(self.census.rings, self.rings, strict=True)}

    def _organised(self, row: int, ring: PlantedRing) -> Ring:
        kind, days = ring_kinds()[ring.fraud_type], self.days
        rng = self._random(ring.campaign)
        born = int(rng.integers(min(BORN_WITHIN, len(days))))
        shifts = draw_shifts(rng, days, born, len(ring.members), kind.RESTS)
        crew = Crew(row, ring.members, born, shifts)
        return kind.organise(crew, self.census.country, HARDNESS[self.settings.hardness], rng)

    def _random(self, part: str, day: Day | None = None) -> np.random.Generator:
        return generator(self.settings.seed, part, -1 if day is None else day.index)
