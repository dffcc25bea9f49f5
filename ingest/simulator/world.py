"""The world: everybody who calls, day by day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

import numpy as np
import pyarrow as pa

from ingest.simulator.calls import INNOCENT, Calls, empty, joined, packed
from ingest.simulator.everyday.everyday import Everyday
from ingest.simulator.habits.cover import Cover
from ingest.simulator.kinds import planted_kinds
from ingest.simulator.land.carriers import draw_carriers
from ingest.simulator.land.country import Callers
from ingest.simulator.land.lines import NOBODY
from ingest.simulator.order import in_order
from ingest.simulator.organisations.organisation import Organisation, Ring
from ingest.simulator.randomness import BoolArray, IntArray, generator
from ingest.simulator.rhythm import Day
from ingest.simulator.settings import WorldSettings
from ingest.simulator.settling.census import Census, take_census
from ingest.simulator.settling.holders import STAFF
from ingest.simulator.settling.organising import organisations, organised, stay
from ingest.simulator.settling.supplying import Supplied, supply
from ingest.simulator.silence import Silence
from ingest.simulator.traces import Traced, traced
from ingest.simulator.trades import Staff


class World:
    """A settled world; every part draws from a generator of its own, so a new part leaves the others as they are."""

    def __init__(self, settings: WorldSettings) -> None:
        self.settings = settings
        self.census: Census = take_census(settings)
        self.carriers: IntArray = draw_carriers(self._random("carriers"), self.census.country.plan)
        self.supplied: Supplied = supply(self._random("equipment"), self.census, self.carriers)
        stay(self.census)
        self.organisations: Sequence[Organisation] = organisations(
            self.census, self.supplied, settings.dials, self._random
        )
        kinds, _ = planted_kinds(settings)
        self.rings: Sequence[Ring] = organised(self.organisations, self.census, kinds, settings.dials, self._random)

    @property
    def days(self) -> tuple[Day, ...]:
        """All local days."""
        return self.census.country.days

    @cached_property
    def names(self) -> pa.StringArray:
        """Text of every slot."""
        return self.census.country.plan.names()

    @cached_property
    def imeis(self) -> pa.StringArray:
        """Text of every device."""
        return self.supplied.equipment.imeis(self.settings.seed)

    @cached_property
    def imsis(self) -> pa.StringArray:
        """Text of every SIM."""
        return self.supplied.equipment.imsis(self.settings.seed)

    @cached_property
    def cell_names(self) -> pa.StringArray:
        """Text of every cell."""
        return self.census.country.places.names()

    @cached_property
    def trunk_names(self) -> pa.StringArray:
        """Text of every trunk."""
        return self.census.country.trunks.names()

    @cached_property
    def campaigns(self) -> list[str]:
        """Names of all campaigns, by row."""
        return [name for ring in self.census.wanted.rings for name in ring.campaigns]

    def staff(self, name: str) -> Staff:
        """Give the numbers of a trade."""
        row = list(self.census.wanted.staffs).index(name)
        members = self.census.holders.lines.slot[self.census.holders.rows(STAFF, row)]
        return Staff(members, self.census.wanted.staffs[name], self.supplied.of_staff[name])

    def calls(self) -> Iterator[Traced]:
        """Give each day's calls in order; what begins before midnight and comes back after it is in the next day.

        What would come back after the last day is not part of the world.
        """
        parts, late = self._parts(), packed(empty())
        silence = Silence([claim for ring in self.rings for claim in ring.claims], self.census.country.plan.slots)
        for day in self.days:
            made, late = self._day(day, parts, late, silence)
            yield made
            del made  # so that it is not kept while the next is made

    def _day(self, day: Day, parts: Mapping[str, Callers], late: Calls, silence: Silence) -> tuple[Traced, Calls]:
        made = joined([late, *(packed(part.calls(day, self._random(name, day))) for name, part in parts.items())])
        lines = self.census.country.lines.on(day.index, self.census.country.plan.slots)
        kept = silence.lets(made) & (made.started < day.end) & self._can_call(made, lines)
        late = made.where(made.started >= day.end)
        calls = _unanswered(in_order(made, np.flatnonzero(kept)), lines)
        del made
        country, seed = self.census.country, self.settings.seed
        return traced(seed, country, self.supplied, self.carriers, day, calls, lines), late

    def _can_call(self, calls: Calls, lines: IntArray) -> BoolArray:
        """Tell who has a line; rings also call under numbers that nobody ever holds."""
        never_held = ~self.census.country.held[calls.caller]
        can: BoolArray = (lines[calls.caller] != NOBODY) | (never_held & (calls.campaign != INNOCENT))
        return can

    def _parts(self) -> dict[str, Callers]:
        country = self.census.country
        parts: dict[str, Callers] = {"everyday": Everyday(country, self._random("everyday"))}
        for name, kind in self.census.wanted.kinds.items():
            parts[name] = kind.settle(self.staff(name), country, self._random(name))
        for org, planted, ring in zip(self.organisations, self.census.wanted.rings, self.rings, strict=True):
            parts[org.name] = ring
            if planted.needs.covered:
                parts[f"{org.name}/cover"] = Cover(org, self.settings.dials)
        return parts

    def _random(self, part: str, day: Day | None = None) -> np.random.Generator:
        return generator(self.settings.seed, part, -1 if day is None else day.index)


def _unanswered(calls: Calls, lines: IntArray) -> Calls:
    """Let calls to numbers that nobody holds that day ring nowhere."""
    dead = np.flatnonzero(lines[calls.callee] == NOBODY)
    columns = {name: getattr(calls, name).copy() for name in ("answered", "ring_ms", "talk_ms")}
    for column in columns.values():
        column[dead] = 0
    return calls.but(**columns)
