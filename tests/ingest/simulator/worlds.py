"""Looking at worlds: their calls, and what a number's calls look like."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np

from ingest.simulator.calls import Calls, joined
from ingest.simulator.kinds import look_alike_kinds, ring_kinds
from ingest.simulator.organisations.organisation import Organisation, Ring
from ingest.simulator.randomness import IntArray
from ingest.simulator.settings import HardnessName, WorldSettings
from ingest.simulator.settling.holders import RING, SUBSCRIBER
from ingest.simulator.traces import Traced
from ingest.simulator.trades import Staff
from ingest.simulator.world import World

FIRST_TYPES = ("impersonation", "robocall", "wangiri")
FIRST_TRADES = ("call_centre", "courier")
SMALL = WorldSettings(callers=3_000, days=3, seed=3, rings=3, fraud_types=FIRST_TYPES, look_alikes=FIRST_TRADES)


@dataclass(frozen=True)
class Made:
    """A world with all its calls in memory."""

    world: World
    days: tuple[Traced, ...]
    calls: Calls  # of all days; a cell, device, SIM or trunk below 0 is none

    def rings(self, fraud_type: str) -> list[tuple[Organisation, Ring]]:
        """Give every ring of a type with its plan."""
        both = zip(self.world.organisations, self.world.rings, strict=True)
        return [(org, ring) for org, ring in both if org.fraud_type == fraud_type]

    def staff(self, name: str) -> Staff:
        """Give the numbers of a look-alike."""
        return self.world.staff(name)

    def made_by(self, slots: IntArray) -> Calls:
        """Give the calls that any of some numbers made."""
        return self.calls.where(np.isin(self.calls.caller, slots))

    def all_of(self, org: Organisation) -> Calls:
        """Give all calls of a ring's campaigns."""
        last = org.first + len(org.timeline.course.parent)
        return self.calls.where((self.calls.campaign >= org.first) & (self.calls.campaign < last))

    def of(self, org: Organisation) -> Calls:
        """Give the campaign calls that a ring's numbers made to others."""
        calls = self.all_of(org)
        return calls.where(np.isin(calls.caller, org.numbers) & ~np.isin(calls.callee, org.numbers))

    def among(self, org: Organisation) -> Calls:
        """Give the calls that a ring's numbers made to each other."""
        calls = self.all_of(org)
        return calls.where(np.isin(calls.caller, org.numbers) & np.isin(calls.callee, org.numbers))

    def back_to(self, org: Organisation) -> Calls:
        """Give the campaign calls that others made."""
        calls = self.all_of(org)
        return calls.where(~np.isin(calls.caller, org.numbers))

    def everyday(self) -> Calls:
        """Give the calls between ordinary people that no ring had a part in."""
        ordinary = np.zeros(self.world.census.country.plan.slots, dtype=np.bool_)
        holders = self.world.census.holders
        ordinary[holders.lines.slot[holders.sort == SUBSCRIBER]] = True
        ordinary[holders.lines.slot[holders.sort == RING]] = False  # numbers that were given out again
        calls = self.calls.where(self.calls.campaign < 0)
        return calls.where(ordinary[calls.caller] & ordinary[calls.callee])


def make(settings: WorldSettings) -> Made:
    """Make a world in memory."""
    world = World(settings)
    days = tuple(world.calls())
    return Made(world, days, _widened(joined(day.calls for day in days)))


def _widened(calls: Calls) -> Calls:
    """Give the columns as 64-bit integers, so that sums and products of them cannot overflow."""
    columns = {field.name: getattr(calls, field.name) for field in fields(calls)}
    return Calls(**{name: c if c.dtype == np.bool_ else c.astype(np.int64) for name, c in columns.items()})


def alone(
    kind: str,
    *,
    hardness: HardnessName = "normal",
    callers: int = 4_000,
    days: int = 7,
    rings: int | None = None,
    seed: int = 5,
) -> Made:
    """Make a world with one fraud type and no look-alikes, or with one look-alike and no rings."""
    ringed = kind in ring_kinds()
    assert ringed or kind in look_alike_kinds()
    return make(
        WorldSettings(
            callers=callers,
            days=days,
            seed=seed,
            rings=rings if ringed else 0,
            hardness=hardness,
            fraud_types=(kind,) if ringed else (),
            look_alikes=() if ringed else (kind,),
        )
    )


def files_of(folder: Path) -> dict[str, bytes]:
    """Give the bytes of every file in a folder, by name."""
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def distinct_callees(calls: Calls) -> dict[int, set[int]]:
    """Give the set of callees of every caller."""
    reached: dict[int, set[int]] = {}
    for caller, callee in zip(calls.caller.tolist(), calls.callee.tolist(), strict=True):
        reached.setdefault(caller, set()).add(callee)
    return reached
