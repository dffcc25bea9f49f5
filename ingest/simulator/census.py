"""Who there is: how many of each kind, and which numbers they hold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from ingest.simulator.country import Country, Staff
from ingest.simulator.kinds import LookAlikeKind, look_alike_kinds, ring_kinds
from ingest.simulator.numbering import BLOCK, REGIONS, NumberingPlan, Register, draw_plan
from ingest.simulator.randomness import BoolArray, IntArray, generator
from ingest.simulator.rhythm import Day
from ingest.simulator.settings import (
    FRAUD_SHARE,
    HARDNESS,
    LARGEST_RING,
    SMALLEST_RING,
    WorldSettings,
    midnight,
)


@dataclass(frozen=True)
class PlantedRing:
    """A ring before it is organised."""

    campaign: str
    fraud_type: str
    members: IntArray  # slots


@dataclass(frozen=True)
class Census:
    """All numbers that can call, by what they are."""

    country: Country
    staff: dict[str, Staff]  # by look-alike kind
    rings: tuple[PlantedRing, ...]


def take_census(settings: WorldSettings) -> Census:
    """Give every kind its numbers, so that all together are `settings.callers`."""
    rng = generator(settings.seed, "census")
    sizes = ring_sizes(rng, settings)
    employers = {name: _employers(rng, kind, settings.callers) for name, kind in look_alike_kinds().items()}
    subscribers = settings.callers - sum(sizes) - sum(map(len, employers.values()))
    register, homes = _numbering(rng, subscribers, employers)
    held = [register.take_in_region(rng, region, int(count)) for region, count in enumerate(homes)]
    private = np.concatenate(held)
    staff = {name: _staff(rng, register, name, employer) for name, employer in employers.items()}
    rings = _rings(rng, register, sizes)
    families = [private, *(staff[name].members for name, kind in look_alike_kinds().items() if not kind.OFFICE)]
    people = np.concatenate([*families, _disguised(rng, rings, HARDNESS[settings.hardness].disguised)])
    return Census(_country(rng, register, people, private, settings), staff, rings)


def ring_sizes(rng: np.random.Generator, settings: WorldSettings) -> list[int]:
    """Draw the sizes of all rings; the largest shrink until all together stay below 1 % of the callers."""
    sizes = [int(size) for size in rng.integers(SMALLEST_RING, LARGEST_RING + 1, settings.ring_count)]
    most = max(settings.callers * FRAUD_SHARE, SMALLEST_RING * len(sizes))
    while sum(sizes) > most:
        sizes[sizes.index(max(sizes))] -= 1
    return sizes


def _employers(rng: np.random.Generator, kind: LookAlikeKind, callers: int) -> IntArray:
    """Give the employer of each of the kind's numbers."""
    count = round(kind.SHARE * callers)
    low, high = kind.EMPLOYER
    staffs = rng.integers(low, high + 1, size=count // low + 1)
    return np.repeat(np.arange(len(staffs)), staffs)[:count].astype(np.int64)


def _numbering(rng: np.random.Generator, subscribers: int, employers: dict[str, IntArray]) -> tuple[Register, IntArray]:
    homes = rng.multinomial(subscribers, [region.share for region in REGIONS])
    offices = sum(len(np.unique(employers[name])) for name, kind in look_alike_kinds().items() if kind.OFFICE)
    return Register(draw_plan(rng, homes, offices)), homes


def _staff(rng: np.random.Generator, register: Register, name: str, employer: IntArray) -> Staff:
    take = _office_numbers if look_alike_kinds()[name].OFFICE else _own_mobiles
    return Staff(take(rng, register, employer), employer)


def _own_mobiles(rng: np.random.Generator, register: Register, employer: IntArray) -> IntArray:
    shares = np.bincount(register.plan.regions[: register.plan.mobile], minlength=len(REGIONS))
    regions = rng.choice(len(REGIONS), size=employer.max(initial=-1) + 1, p=shares / shares.sum())
    numbers = np.empty(len(employer), dtype=np.int64)
    for region, count in enumerate(np.bincount(regions[employer], minlength=len(REGIONS))):
        numbers[regions[employer] == region] = register.take_in_region(rng, region, int(count))
    return numbers


def _office_numbers(rng: np.random.Generator, register: Register, employer: IntArray) -> IntArray:
    """Give half of the employers numbers in a row on a fixed line, the others in a block of mobiles."""
    mobile = register.plan.mobile
    unused = mobile + np.flatnonzero(~register.held.reshape(-1, BLOCK)[mobile:].any(axis=1))
    numbers = []
    for row, staff in enumerate(np.bincount(employer)):
        block = int(unused[row]) if row % 2 == 0 else int(rng.integers(mobile))
        numbers.append(register.take_in_block(rng, block, int(staff)))
    return np.concatenate(numbers) if numbers else np.empty(0, dtype=np.int64)


def _rings(rng: np.random.Generator, register: Register, sizes: list[int]) -> tuple[PlantedRing, ...]:
    kinds = list(ring_kinds().items())
    rings = []
    for row, size in enumerate(sizes):
        name, kind = kinds[row % len(kinds)]
        members = _ring_numbers(rng, register, size, one_block=kind.ONE_BLOCK)
        rings.append(PlantedRing(f"{name}-{row // len(kinds) + 1:02d}", name, members))
    return tuple(rings)


def _ring_numbers(rng: np.random.Generator, register: Register, size: int, *, one_block: bool) -> IntArray:
    if one_block:
        return register.take_in_block(rng, int(rng.integers(register.plan.mobile)), size)
    return register.take_in_region(rng, int(rng.integers(len(REGIONS))), size)


def _disguised(rng: np.random.Generator, rings: tuple[PlantedRing, ...], share: float) -> IntArray:
    members = np.concatenate([ring.members for ring in rings]) if rings else np.empty(0, dtype=np.int64)
    return members[rng.random(len(members)) < share]


def _country(
    rng: np.random.Generator, register: Register, people: IntArray, subscribers: IntArray, settings: WorldSettings
) -> Country:
    people = rng.permutation(people)
    home = register.plan.region_of(people)
    people = people[np.argsort(home, kind="stable")]
    start = np.concatenate(([0], np.cumsum(np.bincount(home, minlength=len(REGIONS)))))
    return Country(register.plan, people, start, subscribers, register.held, _days(settings))


def _days(settings: WorldSettings) -> tuple[Day, ...]:
    dates = [settings.first_day + timedelta(days=index) for index in range(settings.days)]
    return tuple(Day(index, date, midnight(date) // 1_000) for index, date in enumerate(dates))


def travelled(rng: np.random.Generator, plan: NumberingPlan, share: float = 0.015) -> IntArray:
    """Give the region of every slot on one day: home, but for a share of the mobiles, who are elsewhere."""
    region = np.repeat(plan.regions, BLOCK)
    away: BoolArray = rng.random(plan.mobile * BLOCK) < share
    region[: len(away)][away] = rng.integers(len(REGIONS), size=int(away.sum()))
    return region
