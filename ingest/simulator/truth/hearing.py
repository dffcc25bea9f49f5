"""The truth listens to every day of a world and is written at the end."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from ingest.simulator.calls import SMS, Calls
from ingest.simulator.files.keys import call_keys
from ingest.simulator.land.lines import NOBODY
from ingest.simulator.randomness import BoolArray, IntArray
from ingest.simulator.rhythm import SECOND
from ingest.simulator.settling.holders import RING, STAFF, SUBSCRIBER
from ingest.simulator.traces import Traced
from ingest.simulator.truth.campaigns import campaigns_table, events_table
from ingest.simulator.truth.entities import entities_table
from ingest.simulator.truth.heard import NEVER, Heard
from ingest.simulator.truth.numbers import numbers_table
from ingest.simulator.truth.parameters import DayCount, parameters
from ingest.simulator.truth.texts import write_csv
from ingest.simulator.world import World

TRUTH_CALLS = pa.schema([pa.field("call_key", pa.binary(16), False), pa.field("campaign", pa.string(), False)])


class Truth:
    """Listens to every day of a world and writes what is true at the end."""

    def __init__(self, world: World, out: Path) -> None:
        self.world = world
        self.out = out
        self.campaign_calls = 0
        self.days: list[DayCount] = []
        holders, slots = world.census.holders, world.census.country.plan.slots
        self.called: BoolArray = np.zeros(slots, dtype=np.bool_)
        self.fraudulent: BoolArray = np.zeros(slots, dtype=np.bool_)  # called while a ring's
        self.victim_of: IntArray = np.full(len(holders.sort), NOBODY, dtype=np.int64)  # row of the first campaign
        self.born: IntArray = np.full(len(world.campaigns), NEVER, dtype=np.int64)  # ms, a campaign's first call
        self.own = _own(world)
        self.seen: BoolArray = np.zeros(slots, dtype=np.bool_)  # called, were called or were forwarded to
        self.involved: BoolArray = np.zeros(slots, dtype=np.bool_)  # the same in calls of campaigns
        self.last = world.days[0].start  # ms, the newest call
        self._sink = pq.ParquetWriter(out / "truth_calls.parquet", TRUTH_CALLS, compression="zstd")

    @property
    def calls(self) -> int:
        """All calls."""
        return sum(day.calls for day in self.days)

    @property
    def callers(self) -> int:
        """Numbers that called."""
        return int(self.called.sum())

    @property
    def fraudulent_callers(self) -> int:
        """Numbers that called while they were fraudulent."""
        return int(self.fraudulent.sum())

    def hear(self, made: Traced) -> None:
        """Take in one day's calls, or the first of them, in order of their start."""
        crooked = np.flatnonzero(made.calls.campaign >= 0)
        self.campaign_calls += len(crooked)
        self._count(made)
        calls = made.calls.where(crooked)
        _mark(self.seen, made.calls)
        _mark(self.involved, calls)
        self.last = int(made.calls.started[-1]) if len(made.calls) else self.last
        np.minimum.at(self.born, calls.campaign, calls.started)
        self._hear_victims(made, calls)
        if len(calls):
            keys = call_keys(calls, self.world.names, made.origin[crooked], made.target[crooked])
            campaigns = pa.array(self.world.campaigns).take(pa.array(calls.campaign))
            self._sink.write_table(pa.table([keys, campaigns], schema=TRUTH_CALLS))

    def _count(self, made: Traced) -> None:
        active = np.zeros(len(self.called), dtype=np.bool_)
        active[made.calls.caller] = True
        slots = np.flatnonzero(active)
        line = made.lines[slots]
        ringed = np.where(line == NOBODY, self.own[slots], self.world.census.holders.sort[line] == RING)
        self.called |= active
        self.fraudulent[slots[ringed]] = True
        self.days.append(DayCount(made.day, len(made.calls), len(slots), int(ringed.sum())))

    def _hear_victims(self, made: Traced, calls: Calls) -> None:
        """Take in who answered a ring or called one, a text not counted; the first ring stays."""
        spoken = calls.where(calls.kind != SMS)
        reached = spoken.where(spoken.answered)
        slots = np.concatenate((reached.callee, spoken.caller))
        campaign = np.concatenate((reached.campaign, spoken.campaign))
        order = np.argsort(np.concatenate((reached.started, spoken.started)), kind="stable")
        line, campaign = made.lines[slots[order]], campaign[order]
        sort = self.world.census.holders.sort[line]
        innocent = (line != NOBODY) & ((sort == SUBSCRIBER) | (sort == STAFF)) & ~self.own[slots[order]]
        line, first = np.unique(line[innocent], return_index=True)
        new = self.victim_of[line] == NOBODY
        self.victim_of[line[new]] = campaign[innocent][first[new]]

    def write(self, *, whole: bool = True) -> list[Path]:
        """Write the truth files and, last, world.json; give their paths.

        Where not the `whole` world was heard, they end with the second of the last call and leave out who was in none.
        """
        self._sink.close()
        heard = self._heard(whole)
        numbers = numbers_table(self.world, self.victim_of, heard)
        campaigns = heard.campaigns(self.world.campaigns, numbers)
        tables = {
            "truth_numbers.csv": numbers,
            "truth_campaigns.csv": campaigns_table(self.world, heard, campaigns),
            "truth_events.csv": events_table(self.world, heard, campaigns),
            "truth_entities.csv": entities_table(self.world, heard, campaigns),
        }
        for name, table in tables.items():
            write_csv(self.out / name, table)
        path = self.out / "world.json"
        counts = {
            "calls": self.calls,
            "campaign_calls": self.campaign_calls,
            "callers": self.callers,
            "fraudulent_callers": self.fraudulent_callers,
        }
        path.write_text(json.dumps(parameters(self.world, heard, campaigns, counts, self.days), indent=2) + "\n")
        return [*(self.out / name for name in (*tables, "truth_calls.parquet")), path]

    def _heard(self, whole: bool) -> Heard:
        if whole:
            everybody = np.ones(len(self.seen), dtype=np.bool_)
            return Heard(self.world.days[-1].end, self.born, everybody, everybody, whole)
        return Heard((self.last // SECOND + 1) * SECOND, self.born, self.seen, self.involved, whole)


def _mark(mask: BoolArray, calls: Calls) -> None:
    """Mark the ends of calls."""
    mask[calls.caller] = True
    mask[calls.callee] = True
    mask[calls.forwarded_to[calls.forwarded_to >= 0]] = True


def _own(world: World) -> BoolArray:
    """Give the numbers that no call makes a victim of: those a ring claims, and those that nobody holds."""
    own = np.zeros(world.census.country.plan.slots, dtype=np.bool_)
    for slots in _claimed(world):
        own[slots] = True
    return own


def _claimed(world: World) -> Iterator[IntArray]:
    for planted, slots in zip(world.census.wanted.rings, world.census.numbers, strict=True):
        if planted.needs.numbers == "unallocated":
            yield slots
    for ring in world.rings:
        yield from (claim.slots for claim in ring.claims if claim.label != "victim")
