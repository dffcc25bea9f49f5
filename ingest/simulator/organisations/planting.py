"""Which rings a world has: types take turns, and sizes are such that the share of fraud is what it should be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ingest.simulator.organisations.courses import course, steady
from ingest.simulator.organisations.organisation import Needs, RingKind
from ingest.simulator.organisations.timeline import OFF, Course, Habits, Timeline, draw_shifts, draw_timeline
from ingest.simulator.randomness import IntArray, generator, lognormal
from ingest.simulator.rhythm import Day
from ingest.simulator.settings import ACTIVE, SMALLEST_RING, WorldSettings, most_rings

FIRST = ("wangiri", "robocall", "impersonation")  # in worlds with room for few
SIZES_SIGMA = 0.3
AMPLE = 1.5  # times as many as are wanted on duty, were all rings as large as they can be
DIVISIBLE = 4  # posts of a ring that can split
SMALL_WORLD = 1.7  # posts for each number that calls on a day, in worlds with room for few
ROOMY = 50_000  # callers from which on every kind has the size that it would like


@dataclass(frozen=True)
class PlantedRing:
    """A ring before it has numbers."""

    fraud_type: str
    needs: Needs
    campaigns: tuple[str, ...]
    first: int  # row of its first campaign
    timeline: Timeline

    @property
    def name(self) -> str:
        """Name of its first campaign, which no other ring has."""
        return self.campaigns[0]


def plant(settings: WorldSettings, kinds: Mapping[str, RingKind], days: Sequence[Day]) -> tuple[PlantedRing, ...]:
    """Draw all rings of a world."""
    types = _types(settings, kinds)
    rng = generator(settings.seed, "planting")
    needs = [kinds[name].NEEDS for name in types]
    courses = _courses(rng, types, needs, len(days))
    calling = [_calling(settings, need, way, days) for need, way in zip(needs, courses, strict=True)]
    sizes = _sizes(rng, settings, needs, calling)
    rings: list[PlantedRing] = []
    numbered: Counter[str] = Counter()
    row = 0
    for name, need, way, size in zip(types, needs, courses, sizes.tolist(), strict=True):
        names = tuple(f"{name}-{numbered[name] + at + 1:02d}" for at in range(len(way.parent)))
        rings.append(PlantedRing(name, need, names, row, _timeline(settings, names[0], need, way, size, days)))
        numbered[name] += len(names)
        row += len(names)
    return tuple(rings)


def in_turn(names: Sequence[str]) -> list[str]:
    """Give fraud types in the order in which they are planted."""
    return [name for name in FIRST if name in names] + sorted(set(names) - set(FIRST))


def _types(settings: WorldSettings, kinds: Mapping[str, RingKind]) -> list[str]:
    """Give the type of each ring: types take turns, and where rings cannot be large enough there are more of them."""
    turns = in_turn(list(kinds))
    types = [turns[at % len(turns)] for at in range(settings.ring_count)] if turns else []
    if settings.rings is not None or not any(kinds[name].NEEDS.calls for name in turns):
        return types
    room = sum(_room(kinds[name].NEEDS) for name in types)
    while room < AMPLE * settings.fraud_a_day and len(types) < most_rings(settings.callers):
        types.append(turns[len(types) % len(turns)])
        room += _room(kinds[types[-1]].NEEDS)
    return types


def _room(needs: Needs) -> float:
    return needs.posts[1] * needs.works if needs.calls else 0.0


def _courses(rng: np.random.Generator, types: Sequence[str], needs: Sequence[Needs], days: int) -> list[Course]:
    """Draw what becomes of each ring, for its two halves; those of one type differ, and the smallest are steady."""
    offset = {name: at for at, name in enumerate(dict.fromkeys(types))}
    numbered: Counter[str] = Counter()
    courses = []
    for name, need in zip(types, needs, strict=True):
        turn = offset[name] + numbered[name]
        courses.append(course(rng, turn, days, 2) if need.posts[0] >= DIVISIBLE else steady(rng, days, 2))
        numbered[name] += 1
    return courses


def _calling(settings: WorldSettings, needs: Needs, way: Course, days: Sequence[Day]) -> float:
    """Give the share of the days on which a post's number calls: on duty, or off it with a life of its own."""
    resting = float(np.mean([day.is_sunday for day in days])) if needs.rests else 0.0
    on_duty = needs.works * (1 - resting)
    at_leisure = (1 - on_duty) * ACTIVE * settings.dials.disguised if needs.covered else 0.0
    return (on_duty + at_leisure) * float((way.campaign != OFF).mean()) if needs.calls else 0.0


def _sizes(
    rng: np.random.Generator, settings: WorldSettings, needs: Sequence[Needs], calling: Sequence[float]
) -> IntArray:
    """Draw the posts of each ring, so that as many call on a day as the hardness says."""
    weight = lognormal(rng, len(needs), 1.0, SIZES_SIGMA)
    least, most = (np.array([need.posts[end] for need in needs]) for end in (0, 1))
    if settings.callers < ROOMY:
        least = np.minimum(least, SMALLEST_RING)

    def drawn(scale: float) -> IntArray:
        return np.clip(np.round(scale * weight), least, most).astype(np.int64)

    scale = _scale(lambda scale: float((drawn(scale) * np.array(calling)).sum()), settings.fraud_a_day)
    return _bounded(drawn(scale), settings)


def _scale(active: Callable[[float], float], wanted: float) -> float:
    low, high = 0.0, 1_000.0
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if active(middle) < wanted else (low, middle)
    return low


def _bounded(sizes: IntArray, settings: WorldSettings) -> IntArray:
    """Let the largest shrink in a small world, until all together are about what the share of fraud asks for."""
    most = max(SMALL_WORLD * settings.fraud_a_day, 0.01 * settings.callers, SMALLEST_RING * len(sizes))
    while settings.callers < ROOMY and sizes.sum() > most:
        sizes[sizes.argmax()] -= 1
    return sizes


def _timeline(
    settings: WorldSettings, name: str, needs: Needs, way: Course, posts: int, days: Sequence[Day]
) -> Timeline:
    rng = generator(settings.seed, f"{name}/timeline")
    shifts = draw_shifts(rng, [day.is_sunday for day in days], posts, needs.works, rests=needs.rests)
    wide = np.repeat(way.campaign, [posts // 2, posts - posts // 2], axis=1)
    habits = Habits(shifts, needs.rotates, needs.per_device)
    return draw_timeline(rng, replace(way, campaign=wide), habits, settings.dials)
