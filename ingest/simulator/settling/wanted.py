"""What a world is to have, before anybody has a number: how many of whom, and the numbering plan for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from ingest.simulator.kinds import planted_kinds
from ingest.simulator.land.numbering import BLOCK, REGIONS, Demand
from ingest.simulator.organisations.planting import PlantedRing, plant
from ingest.simulator.randomness import IntArray, generator
from ingest.simulator.rhythm import Day
from ingest.simulator.settings import SettingsError, WorldSettings, midnight
from ingest.simulator.settling.staffing import employers, headcount, own_mobiles
from ingest.simulator.trades import LookAlikeKind

FIXED = 0.04  # of the subscribers are on fixed lines
PEOPLE_ABROAD = 0.04  # in touch with this country, for each caller
FEWEST_ABROAD = 150
FIRMS_ABROAD = 0.1  # numbers of firms abroad that call here, for each of those people
TOLL_FREE_BLOCKS = 2


@dataclass(frozen=True)
class Wanted:
    """What a world is to have."""

    days: tuple[Day, ...]
    rings: tuple[PlantedRing, ...]
    kinds: Mapping[str, LookAlikeKind]
    staffs: Mapping[str, IntArray]  # employer of each number, by kind
    mobiles: IntArray  # [regions] subscribers
    landlines: IntArray  # [regions] subscribers
    abroad: int  # people

    @property
    def firms_abroad(self) -> int:
        """Numbers of firms abroad that call here."""
        return round(FIRMS_ABROAD * self.abroad)

    def demand(self) -> Demand:
        """Give the numbers and blocks that all this needs."""
        own = sum(len(employer) for name, employer in self.staffs.items() if own_mobiles(self.kinds[name].TRADE))
        own += sum(len(ring.timeline.post) for ring in self.rings if ring.needs.numbers == "scattered")
        extra = np.ceil(own * np.array([region.share for region in REGIONS])).astype(np.int64)
        return Demand(
            mobile=self.mobiles + extra,
            landline=self.landlines,
            office=self._numbers("fixed") + self._numbers("office"),
            toll_free=TOLL_FREE_BLOCKS + self._numbers("toll_free") // (BLOCK // 2),
            abroad=self.abroad + self.firms_abroad + 2 * self._numbers("foreign"),
            premium=sum(ring.needs.premium > 0 for ring in self.rings) + self._ranges(),
        )

    def _numbers(self, source: str) -> int:
        staffs = sum(len(staff) for name, staff in self.staffs.items() if self.kinds[name].TRADE.numbers == source)
        return staffs + sum(len(ring.timeline.post) for ring in self.rings if ring.needs.numbers == source)

    def _ranges(self) -> int:
        return sum(ring.needs.numbers == "premium" for ring in self.rings)


def wanted(settings: WorldSettings) -> Wanted:
    """Draw what a world is to have, so that all who can call are `settings.callers`."""
    ring_kinds, kinds = planted_kinds(settings)
    days = _days(settings)
    rings = plant(settings, ring_kinds, days)
    rng = generator(settings.seed, "wanted")
    fraudulent = sum(len(ring.timeline.post) for ring in rings)
    counts = headcount(settings, kinds, fraudulent)
    staffs = {name: employers(rng, kinds[name].TRADE, count) for name, count in counts.items()}
    subscribers = settings.callers - fraudulent - sum(counts.values())
    if subscribers < settings.callers // 2:
        raise SettingsError(f"{fraudulent} fraudulent numbers leave too few others; give more callers or fewer rings")
    shares = [region.share for region in REGIONS]
    landlines = rng.multinomial(round(FIXED * subscribers), shares)
    mobiles = rng.multinomial(subscribers - landlines.sum(), shares)
    abroad = max(FEWEST_ABROAD, round(PEOPLE_ABROAD * settings.callers))
    return Wanted(days, rings, kinds, staffs, mobiles, landlines, abroad)


def _days(settings: WorldSettings) -> tuple[Day, ...]:
    dates = [settings.first_day + timedelta(days=index) for index in range(settings.days)]
    return tuple(Day(index, date, midnight(date) // 1_000) for index, date in enumerate(dates))
