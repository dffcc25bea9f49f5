"""Looking at worlds: their calls, and what a number's calls look like."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ingest.simulator.calls import Calls, joined
from ingest.simulator.randomness import IntArray
from ingest.simulator.settings import WorldSettings
from ingest.simulator.world import World

SMALL = WorldSettings(callers=3_000, days=3, seed=3, rings=3)


@dataclass(frozen=True)
class Made:
    """A world with all its calls in memory."""

    world: World
    calls: Calls

    def rings(self, fraud_type: str) -> list[tuple[int, IntArray]]:
        """Give (row, members) of every ring of a type."""
        planted = enumerate(self.world.census.rings)
        return [(row, ring.members) for row, ring in planted if ring.fraud_type == fraud_type]

    def made_by(self, members: IntArray) -> Calls:
        """Give the calls that any of `members` made."""
        return self.calls.where(np.isin(self.calls.caller, members))

    def of_campaign(self, row: int) -> Calls:
        """Give the calls that a ring's members made as the ring."""
        calls = self.calls.where(self.calls.campaign == row)
        return calls.where(np.isin(calls.caller, self.world.census.rings[row].members))

    def back_to(self, row: int) -> Calls:
        """Give the calls that victims made to a ring's members."""
        calls = self.calls.where(self.calls.campaign == row)
        return calls.where(~np.isin(calls.caller, self.world.census.rings[row].members))

    def everyday(self) -> Calls:
        """Give the calls between subscribers that no ring had a part in."""
        ordinary = self.world.census.country.subscribers
        calls = self.calls.where(self.calls.campaign < 0)
        return calls.where(np.isin(calls.caller, ordinary) & np.isin(calls.callee, ordinary))


def make(settings: WorldSettings) -> Made:
    """Make a world in memory."""
    world = World(settings)
    return Made(world, joined([calls for _, calls in world.calls()]))


def files_of(folder: Path) -> dict[str, bytes]:
    """Give the bytes of every file in a folder, by name."""
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def distinct_callees(calls: Calls) -> dict[int, set[int]]:
    """Give the set of callees of every caller."""
    reached: dict[int, set[int]] = {}
    for caller, callee in zip(calls.caller.tolist(), calls.callee.tolist(), strict=True):
        reached.setdefault(caller, set()).add(callee)
    return reached
