"""The life of a ring: who is on duty when with which number, planned before the first call.

A ring has posts. The number of a post changes: on a schedule, when enforcement has blocked it, or when the whole ring
goes quiet and comes back with new ones. Which campaign a post works for changes when rings merge or split.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

import numpy as np

from ingest.simulator.organisations.enforcement import draw_fates
from ingest.simulator.randomness import BoolArray, IntArray
from ingest.simulator.settings import Hardness

EventKind = Literal["BORN", "ROTATED", "BLOCKED", "QUIET", "RESURGED", "MERGED", "SPLIT", "DIED"]
OFF = -1


class Happening(NamedTuple):
    """Something that happens to a campaign of the ring."""

    day: int
    kind: EventKind
    campaign: int
    others: tuple[int, ...] = ()  # campaigns
    numbers: tuple[int, ...] = ()


@dataclass(frozen=True)
class Course:
    """Which campaign, 0 or 1, each post works for, [days, posts], OFF before it is born and while it is quiet."""

    campaign: IntArray
    parent: tuple[int | None, ...]  # of each campaign: whose it carries on
    died: tuple[int | None, ...]  # of each campaign: day
    happenings: tuple[Happening, ...]
    anew: int | None = None  # day on which all numbers are new


@dataclass(frozen=True)
class Habits:
    """How the posts of a ring work."""

    shifts: BoolArray  # [days, posts]
    rotates: bool
    per_device: int


@dataclass(frozen=True)
class Timeline:
    """Everything of a ring's life; numbers, devices and campaigns are counted from 0 within the ring."""

    course: Course
    number: IntArray  # [days, posts] on duty, OFF
    post: IntArray  # [numbers]
    device: IntArray  # [numbers] OFF = none
    since: IntArray  # [numbers] first day
    until: IntArray  # [numbers] day after the last
    happenings: tuple[Happening, ...]

    @property
    def posts(self) -> int:
        """How many numbers are on duty at once at most."""
        return int(self.number.shape[1])

    @property
    def devices(self) -> int:
        """How many devices there are in all."""
        return int(self.device.max(initial=OFF)) + 1


def draw_timeline(rng: np.random.Generator, course: Course, habits: Habits, hardness: Hardness) -> Timeline:
    """Draw who is on duty with which number; every post and every campaign is on duty at least once."""
    drawn = _Drawn(rng, course, habits, hardness)
    for day in range(len(habits.shifts)):
        drawn.live(day)
    return drawn.timeline()


@dataclass
class _Drawn:
    """Draws a timeline a day at a time."""

    rng: np.random.Generator
    course: Course
    habits: Habits
    hardness: Hardness
    since: list[int] = field(default_factory=list)
    until: list[int] = field(default_factory=list)
    post: list[int] = field(default_factory=list)
    device: list[int] = field(default_factory=list)
    blocked: list[bool] = field(default_factory=list)
    rotated: dict[tuple[int, int], list[int]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        posts = self.habits.shifts.shape[1]
        self.duty = self._duty()
        self.number = np.full(self.duty.shape, OFF, dtype=np.int64)
        self.current = np.full(posts, OFF, dtype=np.int64)
        self.ends = np.zeros(posts, dtype=np.int64)
        self.devices = 0
        self.carried: IntArray = np.full(posts, OFF, dtype=np.int64)  # device of each post

    def _duty(self) -> BoolArray:
        alive = self.course.campaign != OFF
        duty: BoolArray = self.habits.shifts & alive
        for post in np.flatnonzero(~duty.any(axis=0)).tolist():
            duty[self.rng.choice(np.flatnonzero(alive[:, post])), post] = True
        for campaign in range(len(self.course.parent)):
            works = self.course.campaign == campaign
            if not (duty & works).any():
                duty[tuple(self.rng.choice(np.argwhere(works)))] = True
        return duty

    def live(self, day: int) -> None:
        """Let the posts work on a day."""
        if day == self.course.anew:
            self.current[:] = OFF
        posts = np.flatnonzero(self.duty[day])
        self._renew(day, posts[(self.current[posts] == OFF) | (self.ends[posts] <= day)])
        self.number[day, posts] = self.current[posts]

    def _renew(self, day: int, posts: IntArray) -> None:
        fates = draw_fates(self.rng, len(posts), self.hardness, rotates=self.habits.rotates)
        for post, lasts, blocked in zip(posts.tolist(), fates.lasts.tolist(), fates.blocked.tolist(), strict=True):
            if self.current[post] != OFF:
                self.rotated[day, int(self.course.campaign[day, post])].append(len(self.post))
            self.device.append(self._device(day, post))
            self.current[post] = len(self.post)
            self.ends[post] = day + lasts
            self.post.append(post)
            self.since.append(day)
            self.until.append(min(day + lasts, self._gone(day, post)))
            self.blocked.append(blocked and day + lasts < self._gone(day, post))

    def _gone(self, day: int, post: int) -> int:
        """Give the day on which the post stops, for good or to be quiet, after being alive on `day`."""
        off = np.flatnonzero(self.course.campaign[day:, post] == OFF)
        return day + int(off[0]) if len(off) else len(self.duty)

    def _device(self, day: int, post: int) -> int:
        if not self.habits.per_device:
            return OFF
        keeps = self.hardness.keeps_device
        if self.habits.per_device > 1:  # a gateway stays where its SIMs change
            keeps = 1 - (1 - keeps) / 4
        if day == self.course.anew:
            keeps /= 2
        if self.carried[post] == OFF or self.rng.random() >= keeps:
            together = slice(post, post + 1)
            if self.carried[post] == OFF:
                first = post // self.habits.per_device * self.habits.per_device
                together = slice(first, first + self.habits.per_device)
            self.carried[together] = self.devices
            self.devices += 1
        return int(self.carried[post])

    def timeline(self) -> Timeline:
        """Give what was drawn."""
        post, device, since, until = (
            np.array(column, dtype=np.int64) for column in (self.post, self.device, self.since, self.until)
        )
        happenings = (*self.course.happenings, *self._changes())
        return Timeline(self.course, self.number, post, device, since, until, happenings)

    def _changes(self) -> list[Happening]:
        found: dict[tuple[int, EventKind, int], list[int]] = defaultdict(list)
        for (day, campaign), numbers in self.rotated.items():
            found[day, "ROTATED", campaign].extend(numbers)
        for number in np.flatnonzero(self.blocked).tolist():
            day = self.until[number]
            found[day, "BLOCKED", int(self.course.campaign[day - 1, self.post[number]])].append(number)
        return [
            Happening(day, kind, campaign, (), tuple(numbers))
            for (day, kind, campaign), numbers in sorted(found.items())
        ]


def draw_shifts(
    rng: np.random.Generator, sundays: Sequence[bool], posts: int, works: float, *, rests: bool
) -> BoolArray:
    """Draw who works on which day, [days, posts], off on Sundays where the ring keeps office days."""
    shifts: BoolArray = rng.random((len(sundays), posts)) < works
    if rests and not all(sundays):
        shifts[np.array(sundays)] = False
    return shifts
