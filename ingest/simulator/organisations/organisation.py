"""A ring as an organisation: what its kind needs, who is on duty with which number, and what it owns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, Protocol

import numpy as np

from ingest.simulator.calls import Calls
from ingest.simulator.land.country import Country
from ingest.simulator.land.register import Source
from ingest.simulator.organisations.claims import Claim
from ingest.simulator.organisations.timeline import OFF, Timeline
from ingest.simulator.randomness import FloatArray, IntArray, lognormal
from ingest.simulator.rhythm import Day
from ingest.simulator.settings import Hardness

EntityKind = Literal["device", "cell", "trunk", "range"]


@dataclass(frozen=True)
class Needs:
    """What a kind of ring needs."""

    numbers: Source
    posts: tuple[int, int] = (6, 18)  # numbers on duty at once: smallest and largest ring
    works: float = 0.65  # share of the days on which a post is on duty
    rests: bool = False  # off on Sundays
    calls: bool = True  # its numbers make calls; False: they are only called
    rotates: bool = True  # its numbers are changed, on schedule or when they are blocked
    covered: bool = True  # its numbers can have friends and call each other
    per_device: int = 1  # numbers that share a device; 0: none has one
    cells: int = 0  # cells from which the whole ring works; 0: its numbers are where they live
    trunks: int = 0  # trunks of its own
    premium: int = 0  # numbers of a premium range abroad of its own
    sims: int = 0  # blank SIMs of its own, for the numbers of others
    entities: tuple[EntityKind, ...] = ()  # that the truth lists beside its numbers


@dataclass(frozen=True)
class Organisation:
    """A ring before it has a plan."""

    name: str  # of its first campaign
    fraud_type: str
    first: int  # row of its first campaign
    timeline: Timeline
    numbers: IntArray  # [k] slots of all it ever holds
    devices: IntArray  # rows
    cells: IntArray  # rows
    trunks: IntArray  # rows
    premium: IntArray  # slots
    sims: IntArray  # rows of the blank ones
    hardness: Hardness

    @property
    def posts(self) -> int:
        """How many numbers are on duty at once at most."""
        return self.timeline.posts

    @cached_property
    def duty(self) -> IntArray:
        """Slot on duty, [days, posts], OFF."""
        return np.append(self.numbers, OFF)[self.timeline.number]  # OFF is the last

    @cached_property
    def campaigns(self) -> IntArray:
        """Row of the campaign for which each post works, [days, posts], OFF while there is none."""
        local = self.timeline.course.campaign
        return np.where(local == OFF, OFF, local + self.first)

    @property
    def days_worked(self) -> IntArray:
        """How many days each post is on duty, [posts]."""
        return np.asarray((self.duty != OFF).sum(axis=0), dtype=np.int64)

    def at_work(self, day: Day) -> IntArray:
        """Give the posts on duty on a day."""
        return np.flatnonzero(self.duty[day.index] != OFF)


class Ring(Protocol):
    """A planned ring."""

    @property
    def roles(self) -> Sequence[str]:
        """What each post does, as caller, opener, closer."""
        ...

    @property
    def claims(self) -> Sequence[Claim]:
        """Numbers that have to do with the ring beside its own."""
        ...

    def calls(self, day: Day, rng: np.random.Generator) -> Calls:
        """Give the day's calls of the members and what comes back from their victims."""
        ...


class RingKind(Protocol):
    """What a file in rings/ gives."""

    NEEDS: Needs

    def organise(self, org: Organisation, country: Country, hardness: Hardness, rng: np.random.Generator) -> Ring:
        """Make the ring's plan for the whole of the world's time."""
        ...


def efforts(rng: np.random.Generator, posts: int, hardness: Hardness) -> FloatArray:
    """Draw each post's volume as a multiple of the full-blown pattern, [posts]; at most twice the volume."""
    return hardness.volume * lognormal(rng, posts, 1.0, hardness.uneven).clip(0.1, 2.0)
