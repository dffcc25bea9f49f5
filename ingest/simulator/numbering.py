"""The numbering plan: blocks of 1,000 numbers by region. A number inside the world is a slot: block × 1,000 + suffix.

The series are allocated ones, so libphonenumber holds every number for valid; who has which is drawn, and the
regions' shares of series are invented.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ingest.simulator.randomness import BoolArray, IntArray
from ingest.simulator.settings import WorldError

BLOCK = 1_000
HELD = 0.6  # share of a mobile block's numbers that subscribers hold; the rest is dead or for sale
SERIES_PER_REGION = 40  # mobile series of four digits
MOST_MOBILE_BLOCKS = SERIES_PER_REGION * BLOCK


class Region(NamedTuple):
    """A telecom circle."""

    name: str
    share: float  # of the subscribers
    landline: str  # area code and the first digit of its fixed lines


REGIONS: tuple[Region, ...] = (
    Region("Delhi", 0.10, "112"),
    Region("Mumbai", 0.10, "222"),
    Region("Pune", 0.08, "202"),
    Region("Kolkata", 0.09, "332"),
    Region("Hyderabad", 0.08, "402"),
    Region("Chennai", 0.09, "442"),
    Region("Ahmedabad", 0.07, "792"),
    Region("Bengaluru", 0.09, "802"),
    Region("Jaipur", 0.07, "1412"),
    Region("Lucknow", 0.12, "5222"),
    Region("Kochi", 0.05, "4842"),
    Region("Bhopal", 0.06, "7552"),
)


@dataclass(frozen=True)
class NumberingPlan:
    """Blocks, mobile ones first."""

    prefixes: IntArray  # [blocks] the first seven of ten national digits
    regions: IntArray  # [blocks] row of REGIONS
    mobile: int  # how many blocks are mobile

    @property
    def slots(self) -> int:
        """Numbers in all blocks, held or not."""
        return len(self.prefixes) * BLOCK

    def region_of(self, slots: IntArray) -> IntArray:
        """Give the row of REGIONS in which each number is at home."""
        return self.regions[slots // BLOCK]

    def names(self) -> pa.StringArray:
        """Give the E.164 text of every slot."""
        digits = (self.prefixes[:, None] * BLOCK + np.arange(BLOCK)).ravel()
        return pc.binary_join_element_wise("+91", pa.array(digits).cast(pa.string()), "")


class Register:
    """Which numbers are held; numbers are only ever taken."""

    def __init__(self, plan: NumberingPlan) -> None:
        self.plan = plan
        self.held: BoolArray = np.zeros(plan.slots, dtype=np.bool_)

    def take_in_region(self, rng: np.random.Generator, region: int, count: int) -> IntArray:
        """Give `count` mobile numbers of a region, scattered over its blocks."""
        blocks = np.flatnonzero(self.plan.regions[: self.plan.mobile] == region)
        slots = (blocks[:, None] * BLOCK + np.arange(BLOCK)).ravel()
        return self._take(rng.permutation(slots[~self.held[slots]])[:count], count)

    def take_in_block(self, rng: np.random.Generator, block: int, count: int) -> IntArray:
        """Give the next `count` free numbers of a block from a drawn place on."""
        slots = block * BLOCK + (np.arange(BLOCK) + rng.integers(BLOCK)) % BLOCK
        return self._take(slots[~self.held[slots]][:count], count)

    def _take(self, slots: IntArray, count: int) -> IntArray:
        if len(slots) < count:
            raise WorldError(f"the numbering plan has no {count} free numbers where they are needed; plant fewer rings")
        self.held[slots] = True
        return slots


def draw_plan(rng: np.random.Generator, holders: IntArray, offices: int) -> NumberingPlan:
    """Lay out blocks for `holders` [regions] mobile subscribers and for `offices` fixed-line customers."""
    needed = np.ceil(holders / (BLOCK * HELD)).astype(np.int64).clip(1)
    mobile = [_mobile_prefixes(rng, region, int(count)) for region, count in enumerate(needed)]
    places = rng.integers(len(REGIONS), size=offices)
    fixed = [_landline_prefix(rng, int(region)) for region in places]
    prefixes = np.concatenate([*mobile, np.array(fixed, dtype=np.int64)])
    regions = np.concatenate([np.repeat(np.arange(len(REGIONS)), needed), places])
    if len(np.unique(prefixes)) < len(prefixes):
        return draw_plan(rng, holders, offices)
    return NumberingPlan(prefixes, regions, int(needed.sum()))


def _mobile_prefixes(rng: np.random.Generator, region: int, count: int) -> IntArray:
    if count > MOST_MOBILE_BLOCKS:
        raise WorldError(f"{REGIONS[region].name} has no room for so many callers; give fewer")
    first = (9_000 + region * SERIES_PER_REGION) * BLOCK
    return first + np.sort(rng.choice(MOST_MOBILE_BLOCKS, size=count, replace=False))


def _landline_prefix(rng: np.random.Generator, region: int) -> int:
    code = REGIONS[region].landline
    rest = 7 - len(code)
    return int(code + f"{rng.integers(10**rest):0{rest}d}")
