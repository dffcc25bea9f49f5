"""When people call: hours of the day, days of the week and holidays, all in local time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from ingest.simulator.holidays import GREETINGS, holiday
from ingest.simulator.quantiles import STEPS
from ingest.simulator.randomness import FloatArray, IntArray

SECOND, MINUTE, HOUR, DAY = 1_000, 60_000, 3_600_000, 86_400_000  # milliseconds

# Shares of a day's calls by local hour: low at night, a bump before noon, the peak in the evening.
WORKDAY = np.array(
    [3, 2, 1, 1, 2, 5, 14, 30, 46, 58, 64, 66, 62, 56, 52, 54, 60, 68, 76, 80, 72, 52, 28, 10], dtype=np.float64
)
WEEKEND = np.array(
    [5, 3, 2, 1, 1, 3, 8, 18, 32, 48, 60, 68, 66, 58, 52, 52, 58, 66, 74, 78, 72, 56, 34, 14], dtype=np.float64
)
OFFICE = np.array(
    [0, 0, 0, 0, 0, 0, 0, 2, 14, 50, 78, 84, 72, 44, 62, 74, 76, 62, 30, 12, 4, 1, 0, 0], dtype=np.float64
)
BY_WEEKDAY = (0.99, 0.97, 0.97, 0.99, 1.05, 1.08, 0.95)  # private calls, Monday … Sunday
SATURDAY = 0.45
HOLIDAY, FEAST = 0.97, 1.3  # private calls on a holiday, and on one with greetings, as a multiple of the mean


@dataclass(frozen=True)
class Day:
    """One local day of the world."""

    index: int  # 0 = the first
    date: date
    start: int  # local midnight, milliseconds since 1970-01-01T00:00Z

    @property
    def end(self) -> int:
        """The next midnight."""
        return self.start + DAY

    @property
    def holiday(self) -> str | None:
        """Name of the public holiday, if it is one."""
        return holiday(self.date)

    @property
    def is_sunday(self) -> bool:
        """Whether it is the day on which shops and call centres rest."""
        return self.date.weekday() == 6

    @property
    def is_free(self) -> bool:
        """Whether offices are closed: Sundays and public holidays."""
        return self.is_sunday or self.holiday is not None

    @property
    def offices(self) -> float:
        """Calls between colleagues, as a share of a full working day's; many offices work on Saturdays."""
        return 0.0 if self.is_free else SATURDAY if self.date.weekday() == 5 else 1.0

    @property
    def has_greetings(self) -> bool:
        """Whether it is a feast on which people ring and text each other."""
        return self.holiday in GREETINGS

    @property
    def busyness(self) -> float:
        """Private calls of this day as a multiple of the week's mean."""
        if self.has_greetings:
            return FEAST
        return HOLIDAY if self.holiday else BY_WEEKDAY[self.date.weekday()]


class Hours:
    """How calls spread over a day: each of 65,536 equally likely spans of it is looked up, and a moment in it drawn."""

    def __init__(self, weights: FloatArray) -> None:
        """Take the shares of 24 hours, not all zero."""
        passed = np.concatenate(([0.0], np.cumsum(weights))) / weights.sum()
        edges = np.interp(np.arange(STEPS + 1) / STEPS, passed, np.arange(25) * HOUR).astype(np.int64)
        self.begins, self.lasts = edges[:-1], np.diff(edges)

    def draw(self, rng: np.random.Generator, day: Day, count: int) -> IntArray:
        """Draw `count` starts on a day."""
        bits = rng.integers(1 << 32, size=count, dtype=np.uint32).astype(np.int64)
        span = bits >> 16
        moment: IntArray = self.lasts[span] * (bits & 0xFFFF) >> 16
        moment += self.begins[span]
        moment += day.start
        return moment


ON_WORKDAYS, ON_FREE_DAYS, IN_OFFICES = Hours(WORKDAY), Hours(WEEKEND), Hours(OFFICE)


def by_day(day: Day) -> Hours:
    """Give how people spread their calls over that day."""
    return ON_WORKDAYS if day.offices == 1 else ON_FREE_DAYS


def moments(rng: np.random.Generator, day: Day, count: int) -> IntArray:
    """Draw starts over the day as people spread their calls."""
    return by_day(day).draw(rng, day, count)


def moments_between(rng: np.random.Generator, day: Day, count: int, from_h: float, to_h: float) -> IntArray:
    """Draw starts evenly between two local hours."""
    return day.start + rng.integers(int(from_h * HOUR), int(to_h * HOUR), count)


def after(rng: np.random.Generator, moments_ms: IntArray, median_ms: float, sigma: float = 1.0) -> IntArray:
    """Give a moment after each of `moments_ms`, delayed log-normally."""
    delay: FloatArray = median_ms * np.exp(sigma * rng.standard_normal(len(moments_ms)))
    return moments_ms + np.maximum(delay, 2 * SECOND).astype(np.int64)
