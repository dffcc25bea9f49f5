"""Places: cells of the regions, where people live and work, and who is elsewhere for some days."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from ingest.simulator.land.numbering import BLOCK, REGIONS, NumberingPlan
from ingest.simulator.randomness import BoolArray, IntArray, generator
from ingest.simulator.rhythm import HOUR, Day

NOWHERE = -1
NUMBERS_PER_CELL = 350
FEWEST_CELLS = 6  # of a region
ZONES_OF_CELLS = 6  # neighbouring cells between which people move
WORKS_ELSEWHERE = 0.5  # of the people
COMMUTES_FAR = 0.3  # of those: to any cell of the region
WORK_H = (9, 18)
ABOUT = 0.12  # of the calls: from a neighbouring cell
AWAY = 0.015  # of the mobiles, for the days of a trip
TRIP = 3  # days
ABROAD = 0.01  # of the subscribers on mobiles, for the days of a trip

Cells = npt.NDArray[np.int32]


@dataclass(frozen=True)
class Places:
    """Cells, region by region."""

    first: IntArray  # [regions + 1] where each region's cells begin
    region: IntArray  # [cells] row of REGIONS
    home: Cells  # [slots] NOWHERE = a fixed line or a number abroad
    work: Cells  # [slots]

    def cells_of(self, region: int) -> IntArray:
        """Give the cells of a region."""
        return np.arange(self.first[region], self.first[region + 1])

    def names(self) -> pa.StringArray:
        """Give the text of every cell: region, zone and cell."""
        rows = np.arange(len(self.region)) - self.first[self.region]
        zone, cell = np.divmod(rows, ZONES_OF_CELLS)
        names = [REGIONS[at].name[:3].upper() for at in self.region.tolist()]
        return pa.array(
            [f"{name}-{z:04d}-{c + 1}" for name, z, c in zip(names, zone.tolist(), cell.tolist(), strict=True)],
            pa.string(),
        )

    def near(self, rng: np.random.Generator, cells: IntArray) -> IntArray:
        """Draw a cell of the same zone for each of `cells`."""
        region = self.region[cells]
        zone = (cells - self.first[region]) // ZONES_OF_CELLS * ZONES_OF_CELLS + self.first[region]
        size = np.minimum(self.first[region + 1] - zone, ZONES_OF_CELLS)
        near: IntArray = zone + (rng.random(len(cells)) * size).astype(np.int64)
        return near

    def where(self, rng: np.random.Generator, day: Day, callers: IntArray, started: IntArray, away: Cells) -> IntArray:
        """Give the cell of each caller at the time of a call; `away` is the cell of who travels, by slot."""
        hour = (started - day.start) // HOUR
        at_work = (hour >= WORK_H[0]) & (hour < WORK_H[1]) & (not day.is_free)
        cell = np.where(at_work, self.work[callers], self.home[callers]).astype(np.int64)
        about = np.flatnonzero((rng.random(len(callers), dtype=np.float32) < ABOUT) & (cell >= 0))
        about = about[self.home[callers[about]] != self.work[callers[about]]]  # who stays for good does not move
        cell[about] = self.near(rng, cell[about])
        elsewhere = away[callers]
        return np.where((elsewhere >= 0) & (cell >= 0), elsewhere, cell)


def draw_places(rng: np.random.Generator, plan: NumberingPlan, held: BoolArray) -> Places:
    """Lay out cells for those who hold mobiles and give each a home and a place to be by day."""
    mobiles = plan.mobile * BLOCK
    by_block = held[:mobiles].reshape(-1, BLOCK).sum(axis=1)
    holders = np.bincount(plan.regions[: plan.mobile], weights=by_block, minlength=len(REGIONS))
    cells = np.maximum(np.ceil(holders / NUMBERS_PER_CELL), FEWEST_CELLS).astype(np.int64)
    first = np.concatenate(([0], np.cumsum(cells)))
    region = np.repeat(np.arange(len(REGIONS)), cells)
    home = np.full(plan.slots, NOWHERE, dtype=np.int32)
    at_home = np.repeat(plan.regions[: plan.mobile], BLOCK)
    home[:mobiles] = (first[at_home] + rng.random(mobiles, dtype=np.float32) * cells[at_home]).astype(np.int32)
    places = Places(first, region, home, home.copy())
    places.work[:mobiles] = _work(rng, places, mobiles)
    return places


def _work(rng: np.random.Generator, places: Places, mobiles: int) -> Cells:
    work = places.home[:mobiles].astype(np.int64)
    goes = np.flatnonzero(rng.random(mobiles, dtype=np.float32) < WORKS_ELSEWHERE)
    work[goes] = places.near(rng, work[goes])
    far = goes[rng.random(len(goes), dtype=np.float32) < COMMUTES_FAR]
    region = places.region[work[far]]
    size = places.first[region + 1] - places.first[region]
    work[far] = places.first[region] + (rng.random(len(far)) * size).astype(np.int64)
    return work.astype(np.int32)


def away_on(seed: int, places: Places, day: Day) -> Cells:
    """Give the cell of every slot that is elsewhere on a day, NOWHERE of all others, [slots]."""
    rng = generator(seed, "travel", day.index // TRIP)
    slots = np.flatnonzero(rng.random(len(places.home), dtype=np.float32) < AWAY)
    away = np.full(len(places.home), NOWHERE, dtype=np.int32)
    away[slots] = rng.integers(len(places.region), size=len(slots))
    return away


def abroad_on(seed: int, places: Places, subscribers: IntArray, day: Day) -> BoolArray:
    """Tell which numbers roam abroad on a day, [slots]; only ordinary subscribers on mobiles travel so far."""
    rng = generator(seed, "abroad", day.index // TRIP)
    drawn = subscribers[rng.integers(len(subscribers), size=round(ABROAD * len(subscribers)))]
    abroad = np.zeros(len(places.home), dtype=np.bool_)
    abroad[drawn[places.home[drawn] != NOWHERE]] = True
    return abroad
