"""The numbering plan: blocks of 1,000 numbers. A number inside the world is a slot: block × 1,000 + last three digits.

The series are allocated ones, so libphonenumber holds every full number for valid; who has which is drawn, and the
regions' shares of series are invented.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, NamedTuple, get_args

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from ingest.simulator.land.foreign import ABROAD
from ingest.simulator.randomness import IntArray
from ingest.simulator.settings import ZONE, WorldError

BLOCK = 1_000
HELD = 0.6  # share of a subscribers' block that they hold; the rest is dead or for sale
SERIES_PER_REGION = 40  # mobile series of four digits
MOST_MOBILE_BLOCKS = SERIES_PER_REGION * BLOCK
SHORT = tuple(str(code) for code in range(51, 60))  # first two of the five digits of short codes

Section = Literal["mobile", "landline", "office", "toll_free", "short", "abroad", "premium"]


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
PLACES = (*(region.name for region in REGIONS), *(country.name for country in ABROAD))  # where a number can be
ZONES = (*(ZONE for _ in REGIONS), *(country.zone for country in ABROAD))  # of the places


class Demand(NamedTuple):
    """How many numbers and blocks a world needs."""

    mobile: IntArray  # [regions] subscribers
    landline: IntArray  # [regions] subscribers
    office: int  # numbers
    toll_free: int  # blocks
    abroad: int  # numbers
    premium: int  # blocks, each for one customer


@dataclass(frozen=True)
class NumberingPlan:
    """Blocks by section, mobile ones first."""

    prefixes: npt.NDArray[np.str_]  # [blocks] what comes before the last three digits
    regions: IntArray  # [blocks] row of PLACES
    sections: Mapping[Section, range]  # of blocks

    @property
    def mobile(self) -> int:
        """How many blocks are domestic mobiles: these are the first."""
        return len(self.sections["mobile"])

    @property
    def slots(self) -> int:
        """Numbers in all blocks, held or not."""
        return len(self.prefixes) * BLOCK

    def region_of(self, slots: IntArray) -> IntArray:
        """Give the row of PLACES in which each number is at home."""
        return self.regions[slots // BLOCK]

    def within(self, section: Section, slots: IntArray) -> npt.NDArray[np.bool_]:
        """Tell which numbers lie in a section."""
        blocks = self.sections[section]
        block = slots // BLOCK
        return (block >= blocks.start) & (block < blocks.stop)

    def names(self) -> pa.StringArray:
        """Give the text of every slot as ingest writes it: E.164, or the digits of a short code."""
        ends = pa.array([f"{end:03d}" for end in range(BLOCK)])
        blocks, suffixes = np.divmod(np.arange(self.slots, dtype=np.int32), BLOCK)
        return pc.binary_join_element_wise(
            pa.array(self.prefixes, pa.string()).take(pa.array(blocks)), ends.take(pa.array(suffixes)), ""
        )


def draw_plan(rng: np.random.Generator, demand: Demand) -> NumberingPlan:
    """Lay out the blocks for a demand."""
    landline, office = _fixed(rng, _blocks_for(demand.landline), _blocks_for(np.array([demand.office])))
    abroad, premium = _foreign(rng, demand.abroad, demand.premium)
    parts: dict[Section, Blocks] = {
        "mobile": _mobile(rng, _blocks_for(demand.mobile)),
        "landline": landline,
        "office": office,
        "toll_free": _toll_free(rng, demand.toll_free),
        "short": [(code, 0) for code in SHORT],
        "abroad": abroad,
        "premium": premium,
    }
    ends = np.cumsum([0, *(len(parts[section]) for section in get_args(Section))]).tolist()
    sections = {name: range(*span) for name, span in zip(get_args(Section), pairwise(ends), strict=True)}
    blocks = [block for section in sections for block in parts[section]]
    prefixes, regions = zip(*blocks, strict=True)
    return NumberingPlan(np.array(prefixes), np.array(regions, dtype=np.int64), sections)


Blocks = list[tuple[str, int]]  # prefix, row of PLACES


def _blocks_for(holders: IntArray) -> list[int]:
    return [max(-(-count // int(BLOCK * HELD)), 1) for count in holders.tolist()]


def _mobile(rng: np.random.Generator, counts: list[int]) -> Blocks:
    blocks: Blocks = []
    for region, count in enumerate(counts):
        first = (9_000 + region * SERIES_PER_REGION) * BLOCK
        rows = _some(rng, MOST_MOBILE_BLOCKS, count, REGIONS[region].name)
        blocks.extend((f"+91{first + row}", region) for row in sorted(rows))
    return blocks


def _fixed(rng: np.random.Generator, landline: list[int], office: list[int]) -> tuple[Blocks, Blocks]:
    """Lay out blocks of fixed lines for subscribers, by region, and for offices anywhere."""
    offices = np.bincount(rng.integers(len(REGIONS), size=sum(office)), minlength=len(REGIONS)).tolist()
    at_home: Blocks = []
    at_work: Blocks = []
    for region, count in enumerate(landline):
        code = REGIONS[region].landline
        digits = 7 - len(code)
        rows = _some(rng, 10**digits, count + offices[region], f"the fixed lines of {REGIONS[region].name}")
        blocks = [(f"+91{code}{row:0{digits}d}", region) for row in rows]
        at_home.extend(blocks[:count])
        at_work.extend(blocks[count:])
    return at_home, at_work


def _toll_free(rng: np.random.Generator, count: int) -> Blocks:
    return [(f"+911800{100 + row}", 0) for row in _some(rng, 900, count, "the toll-free series")]


def _foreign(rng: np.random.Generator, people: int, premium: int) -> tuple[Blocks, Blocks]:
    """Lay out blocks abroad for people, and for premium ranges in countries where these are sold."""
    hot = [row for row, country in enumerate(ABROAD) if country.hot]
    sold = np.bincount(np.array(hot)[rng.integers(len(hot), size=premium)], minlength=len(ABROAD)).tolist()
    lived: Blocks = []
    ranges: Blocks = []
    for row, country in enumerate(ABROAD):
        digits = country.digits - len(country.prefix) - 3
        count = _blocks_for(np.array([round(people * country.share)]))[0]
        rows = _some(rng, 10**digits, count + sold[row], country.name)
        blocks = [(f"+{country.prefix}{at:0{digits}d}", len(REGIONS) + row) for at in rows]
        lived.extend(blocks[:count])
        ranges.extend(blocks[count:])
    return lived, ranges


def _some(rng: np.random.Generator, of: int, count: int, where: str) -> list[int]:
    """Draw distinct blocks, in any order."""
    if count > of:
        raise WorldError(f"{where} has no room for so many numbers; give fewer callers")
    return [int(row) for row in rng.choice(of, size=count, replace=False)]
