"""Rings get what they own, and make their plans."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from ingest.simulator.land.places import Places
from ingest.simulator.organisations.organisation import Organisation, Ring, RingKind
from ingest.simulator.organisations.planting import PlantedRing
from ingest.simulator.randomness import IntArray
from ingest.simulator.settings import Hardness
from ingest.simulator.settling.census import Census
from ingest.simulator.settling.holders import STAFF
from ingest.simulator.settling.supplying import Supplied

Random = Callable[[str], np.random.Generator]


def organisations(census: Census, supplied: Supplied, hardness: Hardness, random: Random) -> list[Organisation]:
    """Give each ring its numbers, devices, cells, trunks and premium range; members of one with cells stay there."""
    leased = census.country.trunks.own
    found = []
    for row, ring in enumerate(census.wanted.rings):
        cells = _cells(random(f"{ring.name}/cells"), census, ring, census.numbers[row])
        if len(cells):
            settle_at(census.country.places, census.numbers[row], cells[ring.timeline.post % len(cells)])
        trunks, leased = leased[: ring.needs.trunks], leased[ring.needs.trunks :]
        found.append(
            Organisation(
                name=ring.name,
                fraud_type=ring.fraud_type,
                first=ring.first,
                timeline=ring.timeline,
                numbers=census.numbers[row],
                devices=supplied.of_rings[row],
                cells=cells,
                trunks=trunks,
                premium=census.premium[row],
                sims=supplied.sims_of_rings[row],
                hardness=hardness,
            )
        )
    return found


def organised(
    found: Sequence[Organisation], census: Census, kinds: Mapping[str, RingKind], hardness: Hardness, random: Random
) -> list[Ring]:
    """Let every ring make its plan."""
    return [kinds[org.fraud_type].organise(org, census.country, hardness, random(org.name)) for org in found]


def stay(census: Census) -> None:
    """Let the numbers of employers that stay where they are be at one cell, day and night."""
    places, plan = census.country.places, census.country.plan
    for row, (name, employer) in enumerate(census.wanted.staffs.items()):
        if census.wanted.kinds[name].TRADE.stays:
            slots = census.holders.lines.slot[census.holders.rows(STAFF, row)]
            first = slots[np.searchsorted(employer, employer)]
            settle_at(places, slots, np.where(plan.within("mobile", slots), places.home[first], -1))


def settle_at(places: Places, slots: IntArray, cells: IntArray) -> None:
    """Let numbers be at given cells, day and night; those that have no cell keep none."""
    has = places.home[slots] >= 0
    places.home[slots[has]] = places.work[slots[has]] = cells[has]


def _cells(rng: np.random.Generator, census: Census, ring: PlantedRing, slots: IntArray) -> IntArray:
    region = int(census.country.plan.region_of(slots[:1])[0])
    within = census.country.places.cells_of(region) if ring.needs.cells else np.empty(0, dtype=np.int64)
    return rng.permutation(within)[: ring.needs.cells]
