"""Who is given which number: numbers are only ever taken."""

from __future__ import annotations

from typing import Literal

import numpy as np

from ingest.simulator.land.numbering import BLOCK, REGIONS, NumberingPlan, Section
from ingest.simulator.randomness import BoolArray, IntArray
from ingest.simulator.settings import WorldError

Source = Literal[
    "block",  # one mobile block
    "scattered",  # mobiles all over one region
    "fixed",  # one block of fixed lines
    "foreign",  # one block of foreign mobiles
    "premium",  # one block of a premium range abroad
    "toll_free",
    "short",  # short codes
    "unallocated",  # domestic mobiles that the plan does not hold
]
_SECTIONS: dict[Source, Section] = {
    "block": "mobile",
    "fixed": "office",
    "foreign": "abroad",
    "premium": "premium",
    "toll_free": "toll_free",
    "short": "short",
}


class Register:
    """Which numbers are taken."""

    def __init__(self, plan: NumberingPlan) -> None:
        self.plan = plan
        self.taken: BoolArray = np.zeros(plan.slots, dtype=np.bool_)
        self.free: IntArray = np.full(len(plan.prefixes), BLOCK, dtype=np.int64)  # numbers by block

    def take(self, rng: np.random.Generator, source: Source, count: int) -> IntArray:
        """Give `count` numbers of a source: of one block, or scattered over one region."""
        if source in ("scattered", "unallocated"):
            return self.take_in_region(rng, int(rng.integers(len(REGIONS))), count)
        section = self.plan.sections[_SECTIONS[source]]
        roomy = section.start + np.flatnonzero(self.free[section.start : section.stop] >= count)
        if not len(roomy):
            raise _full(count)
        if source == "premium":  # such a block is one customer's as long as there are others
            roomy = roomy[self.free[roomy] == self.free[roomy].max()]
        return self.take_in_block(rng, int(rng.choice(roomy)), count)

    def take_in_region(
        self, rng: np.random.Generator, region: int, count: int, section: Section = "mobile"
    ) -> IntArray:
        """Give `count` numbers of a region, scattered over the blocks of a section."""
        within = self.plan.sections[section]
        blocks = within.start + np.flatnonzero(self.plan.regions[within.start : within.stop] == region)
        slots = (blocks[:, None] * BLOCK + np.arange(BLOCK)).ravel()
        return self._take(rng.permutation(slots[~self.taken[slots]])[:count].copy(), count)

    def take_in_block(self, rng: np.random.Generator, block: int, count: int) -> IntArray:
        """Give the next `count` free numbers of a block from a drawn place on."""
        slots = block * BLOCK + (np.arange(BLOCK) + rng.integers(BLOCK)) % BLOCK
        return self._take(slots[~self.taken[slots]][:count], count)

    def take_these(self, slots: IntArray) -> IntArray:
        """Give numbers that are known to be free."""
        return self._take(slots, len(slots))

    def _take(self, slots: IntArray, count: int) -> IntArray:
        if len(slots) < count:
            raise _full(count)
        self.taken[slots] = True
        self.free -= np.bincount(slots // BLOCK, minlength=len(self.free))
        return slots


def _full(count: int) -> WorldError:
    return WorldError(f"the numbering plan has no {count} free numbers where they are needed; plant fewer rings")
