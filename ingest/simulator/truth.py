"""The truth about a world: who is who, which campaigns there are, and which calls are theirs."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq

from ingest.simulator.calls import Calls
from ingest.simulator.keys import OPERATOR, call_keys
from ingest.simulator.randomness import BoolArray, IntArray
from ingest.simulator.settings import HARDNESS, ZONE
from ingest.simulator.world import World

VERSION = 1  # of the files' shape
NOBODY = -1
NEVER = np.iinfo(np.int64).max
TRUTH_CALLS = pa.schema([pa.field("call_key", pa.binary(16), False), pa.field("campaign", pa.string(), False)])


class Truth:
    """Listens to every day of a world and writes what is true at the end."""

    def __init__(self, world: World, out: Path) -> None:
        self.world = world
        self.out = out
        self.calls = self.campaign_calls = 0
        slots = world.census.country.plan.slots
        self.called: BoolArray = np.zeros(slots, dtype=np.bool_)
        self.member_of: IntArray = np.full(slots, NOBODY, dtype=np.int64)  # row of the ring
        self.victim_of: IntArray = np.full(slots, NOBODY, dtype=np.int64)  # row of the first ring that reached it
        self.born: IntArray = np.full(len(world.census.rings), NEVER, dtype=np.int64)  # ms, the ring's first call
        for row, ring in enumerate(world.census.rings):
            self.member_of[ring.members] = row
        self._sink = pq.ParquetWriter(out / "truth_calls.parquet", TRUTH_CALLS, compression="zstd")

    @property
    def callers(self) -> int:
        """Numbers that called."""
        return int(self.called.sum())

    @property
    def fraudulent_callers(self) -> int:
        """Fraudulent numbers that called."""
        return int((self.called & (self.member_of != NOBODY)).sum())

    def hear(self, calls: Calls, regions: IntArray) -> None:
        """Take in one day's calls, in order of their start; `regions` is by slot."""
        crooked = calls.where(calls.campaign >= 0)
        self.calls += len(calls)
        self.campaign_calls += len(crooked)
        self.called[calls.caller] = True
        np.minimum.at(self.born, crooked.campaign, crooked.started)
        self._note_victims(crooked)
        campaign = _campaigns(self.world).take(pa.array(crooked.campaign))
        keys = call_keys(crooked, self.world.names, regions)
        self._sink.write_table(pa.Table.from_arrays([keys, campaign], schema=TRUTH_CALLS))

    def write(self) -> list[Path]:
        """Write all truth files, world.json last; gives their paths."""
        self._sink.close()
        _write_csv(self.out / "truth_numbers.csv", self._numbers_table())
        _write_csv(self.out / "truth_campaigns.csv", self._campaigns_table())
        _write_csv(self.out / "truth_events.csv", self._events_table())
        text = json.dumps(self._parameters(), indent=1, sort_keys=True)
        (self.out / "world.json").write_text(f"{text}\n", encoding="utf-8")
        return sorted((*self.out.glob("truth_*"), self.out / "world.json"))

    def _note_victims(self, crooked: Calls) -> None:
        """A victim answered a ring or rang it back; to be rung alone harms nobody."""
        by_member = self.member_of[crooked.caller] == crooked.campaign
        hit = crooked.where(crooked.answered | ~by_member)
        victim = np.where(self.member_of[hit.caller] == hit.campaign, hit.callee, hit.caller)
        first, row = np.unique(victim, return_index=True)
        new = (self.victim_of[first] == NOBODY) & (self.member_of[first] == NOBODY)
        self.victim_of[first[new]] = hit.campaign[row[new]]

    def _numbers_table(self) -> pa.Table:
        """Give one row for every number that somebody holds, sorted by number."""
        slots = np.flatnonzero(self.world.census.country.held)
        member, victim = self.member_of[slots] != NOBODY, self.victim_of[slots] != NOBODY
        ring = np.where(member, self.member_of[slots], self.victim_of[slots])
        rings = self.world.census.rings
        tied = pa.array(ring, mask=ring == NOBODY)
        table = {
            "number": self.world.names.take(pa.array(slots)),
            "label": _chosen(("innocent", "victim", "fraud"), np.maximum(victim, 2 * member)),
            "fraud_type": pa.array([r.fraud_type for r in rings], pa.string()).take(tied),
            "campaign": _campaigns(self.world).take(tied),
            "role": self._roles(slots),
            "look_alike": self._look_alikes(slots),
            "from": _iso(np.append(self._born_ms, self._start_ms)[ring]),  # NOBODY is the last
            "to": _iso(np.full(len(slots), self._end_ms)),
        }
        return pa.table(table).sort_by("number")

    def _roles(self, slots: IntArray) -> pa.Array:
        roles = np.full(len(self.member_of), "subscriber", dtype="U16")
        for name, staff in self.world.census.staff.items():
            roles[staff.members] = name
        roles[self.victim_of != NOBODY] = "victim"
        for planted, ring in zip(self.world.census.rings, self.world.rings, strict=True):
            roles[planted.members] = ring.roles
        return pa.array(roles[slots])

    def _look_alikes(self, slots: IntArray) -> pa.Array:
        kinds = np.zeros(len(self.member_of), dtype=np.int64)
        for row, staff in enumerate(self.world.census.staff.values(), 1):
            kinds[staff.members] = row
        return _chosen((None, *self.world.census.staff), kinds[slots])

    def _campaigns_table(self) -> pa.Table:
        rings = self.world.census.rings
        nothing = pa.nulls(len(rings), pa.string())
        return pa.table(
            {
                "campaign": _campaigns(self.world),
                "fraud_type": pa.array([ring.fraud_type for ring in rings], pa.string()),
                "born": _iso(self._born_ms),
                "died": nothing,
                "resurgence_of": nothing,
            }
        ).sort_by("campaign")

    def _events_table(self) -> pa.Table:
        count = len(self.born)
        born = pa.array(["BORN"] * count, pa.string())
        table = {"at": _iso(self._born_ms), "campaign": _campaigns(self.world), "kind": born}
        others = {"others": pa.nulls(count, pa.string())}
        return pa.table(table | others).sort_by([("at", "ascending"), ("campaign", "ascending")])

    def _parameters(self) -> dict[str, Any]:
        settings = self.world.settings
        return {
            "version": VERSION,
            "settings": asdict(settings),
            "hardness": asdict(HARDNESS[settings.hardness]),
            "operator": OPERATOR,
            "zone": ZONE,
            "from": _iso(np.array([self._start_ms]))[0].as_py(),
            "to": _iso(np.array([self._end_ms]))[0].as_py(),
            "calls": self.calls,
            "campaign_calls": self.campaign_calls,
            "callers": self.callers,
            "fraudulent_callers": self.fraudulent_callers,
            "rings": len(self.world.census.rings),
            "look_alikes": {name: len(staff.members) for name, staff in self.world.census.staff.items()},
        }

    @property
    def _start_ms(self) -> int:
        return self.world.days[0].start

    @property
    def _end_ms(self) -> int:
        return self.world.days[-1].end

    @property
    def _born_ms(self) -> IntArray:
        return np.minimum(self.born, self._end_ms)


def _campaigns(world: World) -> pa.Array:
    return pa.array([ring.campaign for ring in world.census.rings], pa.string())


def _chosen(texts: tuple[str | None, ...], rows: npt.NDArray[Any]) -> pa.Array:
    return pa.array(texts, pa.string()).take(pa.array(rows.astype(np.int64)))


def _iso(moments_ms: IntArray) -> pa.Array:
    return pc.strftime(pa.array(moments_ms, pa.timestamp("ms", "UTC")), format="%Y-%m-%dT%H:%M:%SZ")


def _write_csv(path: Path, table: pa.Table) -> None:
    options = pyarrow.csv.WriteOptions(include_header=False, quoting_style="none")
    with path.open("wb") as sink:
        sink.write(f"{','.join(table.column_names)}\n".encode("ascii"))
        pyarrow.csv.write_csv(table, sink, options)
