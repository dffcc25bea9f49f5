"""Everybody gets a handset and a SIM, and some get another during the world."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ingest.simulator.land.carriers import ABROAD, CARRIERS
from ingest.simulator.land.changes import Changes, in_time
from ingest.simulator.land.equipment import (
    NONE,
    PORTED_A_DAY,
    SIM_REPLACED_A_DAY,
    UPGRADED_A_DAY,
    Equipment,
    Stock,
)
from ingest.simulator.land.numbering import BLOCK
from ingest.simulator.organisations.timeline import OFF
from ingest.simulator.randomness import IntArray
from ingest.simulator.settling.census import Census
from ingest.simulator.settling.holders import STAFF, SUBSCRIBER


@dataclass(frozen=True)
class Supplied:
    """Who has which devices and SIMs, and who changes the carrier."""

    equipment: Equipment
    ported: Changes  # value: row of CARRIERS
    of_staff: Mapping[str, Sequence[IntArray]]  # rows of devices of each employer, by trade
    of_rings: tuple[IntArray, ...]  # rows of devices of each ring
    sims_of_rings: tuple[IntArray, ...]  # rows of blank SIMs of each ring


def supply(rng: np.random.Generator, census: Census, carriers: IntArray) -> Supplied:
    """Hand out devices and SIMs; `carriers` is by block."""
    supplying = _Supplying(rng, census, carriers)
    supplying.subscribers()
    of_staff = {name: supplying.staff(row, name) for row, name in enumerate(census.wanted.staffs)}
    of_rings = tuple(supplying.ring(row) for row in range(len(census.wanted.rings)))
    sims_of_rings = tuple(supplying.blank_sims(row) for row in range(len(census.wanted.rings)))
    return supplying.supplied(of_staff, of_rings, sims_of_rings)


class _Supplying:
    """Hands out one after the other; the first holder's things are there from the beginning, later ones are changes."""

    def __init__(self, rng: np.random.Generator, census: Census, carriers: IntArray) -> None:
        self.rng, self.census, self.carriers = rng, census, carriers
        self.days = len(census.country.days)
        self.plan = census.country.plan
        self.handsets, self.sims = Stock(), Stock()
        self.device = np.full(self.plan.slots, NONE, dtype=np.int32)
        self.sim = np.full(self.plan.slots, NONE, dtype=np.int32)
        self.sim_carriers: list[IntArray] = []
        self.device_changes: list[Changes] = []
        self.sim_changes: list[Changes] = []
        self.ported: list[Changes] = []

    def subscribers(self) -> None:
        """Give every subscriber on a mobile a handset and a SIM; some upgrade, lose the SIM or change the carrier."""
        rows = self._mobile(self.census.holders.rows(SUBSCRIBER))
        self._devices(rows, self.handsets.new(len(rows)))
        self._sims(rows)
        slots = self.census.holders.lines.slot[rows]
        self._upgrade(slots[self.rng.random(len(rows)) < UPGRADED_A_DAY * self.days])
        self._replace_sim(slots[self.rng.random(len(rows)) < SIM_REPLACED_A_DAY * self.days])
        self._port(slots[self.rng.random(len(rows)) < PORTED_A_DAY * self.days])

    def staff(self, row: int, name: str) -> list[IntArray]:
        """Give a trade's numbers theirs, and the devices of each employer."""
        trade = self.census.wanted.kinds[name].TRADE
        employer = self.census.wanted.staffs[name]
        rows = self.census.holders.rows(STAFF, row)
        self._host(rows, employer, trade.hosted)
        if not trade.per_device:
            self._sims(self._mobile(rows))
            return [np.empty(0, dtype=np.int64)] * (int(employer.max(initial=-1)) + 1)
        place = np.arange(len(employer)) - np.searchsorted(employer, employer)
        shared = np.cumsum(place % trade.per_device == 0) - 1
        device = self.handsets.new(int(shared.max(initial=-1)) + 1)[shared]
        mobile = self.plan.within("mobile", self.census.holders.lines.slot[rows])
        self._devices(rows[mobile], device[mobile])
        self._sims(rows[mobile])
        slots = self.census.holders.lines.slot[rows[mobile]]
        self._upgrade(slots[self.rng.random(len(slots)) < trade.upgraded])
        return [np.unique(device[employer == at]) for at in range(int(employer.max(initial=-1)) + 1)]

    def ring(self, row: int) -> IntArray:
        """Give a ring's numbers theirs as its timeline has it, and all its devices."""
        timeline = self.census.wanted.rings[row].timeline
        devices = self.handsets.new(timeline.devices)
        slots = self.census.numbers[row]
        if timeline.devices:
            has = (timeline.device != OFF) & self.plan.within("mobile", slots)
            self._change(self.device_changes, timeline.since[has], slots[has], devices[timeline.device[has]])
        mobile = self.plan.within("mobile", slots)
        self._change(self.sim_changes, timeline.since[mobile], slots[mobile], self._new_sims(slots[mobile]))
        return devices

    def blank_sims(self, row: int) -> IntArray:
        """Give a ring its blank SIMs, all of one carrier."""
        count = self.census.wanted.rings[row].needs.sims
        if not count:
            return np.empty(0, dtype=np.int64)
        carrier = np.full(count, self.rng.integers(len(CARRIERS)))
        return self._new_sims(carrier, carrier)

    def supplied(
        self,
        of_staff: Mapping[str, Sequence[IntArray]],
        of_rings: tuple[IntArray, ...],
        sims_of_rings: tuple[IntArray, ...],
    ) -> Supplied:
        """Give what was handed out."""
        equipment = Equipment(
            self.device,
            self.sim,
            in_time(self.device_changes),
            in_time(self.sim_changes),
            self.handsets.count,
            np.concatenate(self.sim_carriers).astype(np.int8) if self.sim_carriers else np.empty(0, dtype=np.int8),
        )
        return Supplied(equipment, in_time(self.ported), of_staff, of_rings, sims_of_rings)

    def _mobile(self, rows: IntArray) -> IntArray:
        return rows[self.plan.within("mobile", self.census.holders.lines.slot[rows])]

    def _devices(self, rows: IntArray, device: IntArray) -> None:
        self._give(self.device, self.device_changes, rows, device)

    def _sims(self, rows: IntArray) -> None:
        self._give(self.sim, self.sim_changes, rows, self._new_sims(self.census.holders.lines.slot[rows]))

    def _give(self, base: npt.NDArray[np.int32], changes: list[Changes], rows: IntArray, value: IntArray) -> None:
        since, slot = self.census.holders.lines.since[rows], self.census.holders.lines.slot[rows]
        first = since == 0
        base[slot[first]] = value[first]
        self._change(changes, since[~first], slot[~first], value[~first])

    def _new_sims(self, slots: IntArray, carrier: IntArray | None = None) -> IntArray:
        self.sim_carriers.append(self.carriers[slots // BLOCK] if carrier is None else carrier)
        return self.sims.new(len(slots))

    def _upgrade(self, slots: IntArray) -> None:
        self._change(self.device_changes, self._some_day(slots), slots, self.handsets.new(len(slots)))

    def _replace_sim(self, slots: IntArray) -> None:
        self._change(self.sim_changes, self._some_day(slots), slots, self._new_sims(slots))

    def _host(self, rows: IntArray, employer: IntArray, share: float) -> None:
        """Let the calls of some employers come from abroad, from the first day on."""
        employers = int(employer.max(initial=-1)) + 1
        chosen = self.rng.permutation(employers)[: math.ceil(share * employers)]
        slots = self.census.holders.lines.slot[rows[np.isin(employer, chosen)]]
        self._change(self.ported, np.zeros(len(slots), dtype=np.int64), slots, np.full(len(slots), ABROAD))

    def _port(self, slots: IntArray) -> None:
        day = self._some_day(slots)
        other = (self.carriers[slots // BLOCK] + self.rng.integers(1, len(CARRIERS), len(slots))) % len(CARRIERS)
        self._change(self.ported, day, slots, other)
        self._change(self.sim_changes, day, slots, self._new_sims(slots, other))

    def _some_day(self, slots: IntArray) -> IntArray:
        return self.rng.integers(min(1, self.days - 1), self.days, len(slots))

    def _change(self, changes: list[Changes], day: IntArray, slot: IntArray, value: IntArray) -> None:
        changes.append(Changes(day, slot, value))
