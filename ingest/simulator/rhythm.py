"""When people call: hours of the day, days of the week, all in local time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from ingest.simulator.randomness import FloatArray, IntArray

SECOND, MINUTE, HOUR, DAY = 1_000, 60_000, 3_600_000, 86_400_000  # milliseconds

# Shares of a day's calls by local hour: low at night, a bump before noon, the peak in the evening.
WORKDAY = np.array(
    [3, 2, 1, 1, 2, 5, 14, 30, 46, 58, 64, 66, 62, 56, 52, 54, 60, 68, 76, 80, 72, 52, 28, 10], dtype=np.float64
)
WEEKEND = np.array(
    [5, 3, 2, 1, 1, 3, 8, 18, 32, 48, 60, 68, 66, 58, 52, 52, 58, 66, 74, 78, 72, 56, 34, 14], dtype=np.float64
)
BY_WEEKDAY = (1.02, 1.0, 1.0, 1.02, 1.08, 1.04, 0.84)  # Monday … Sunday


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
    def is_sunday(self) -> bool:
        """Whether offices are closed."""
        return self.date.weekday() == 6

    @property
    def busyness(self) -> float:
        """Calls of this weekday as a multiple of the week's mean."""
        return BY_WEEKDAY[self.date.weekday()]


def moments(rng: np.random.Generator, day: Day, count: int) -> IntArray:
    """Draw starts over the day as people spread their calls."""
    weights = WEEKEND if day.date.weekday() >= 5 else WORKDAY
    hours = rng.choice(24, size=count, p=weights / weights.sum())
    return day.start + hours * HOUR + rng.integers(0, HOUR, count)


def moments_between(rng: np.random.Generator, day: Day, count: int, from_h: float, to_h: float) -> IntArray:
    """Draw starts evenly between two local hours."""
    return day.start + rng.integers(int(from_h * HOUR), int(to_h * HOUR), count)


def after(rng: np.random.Generator, moments_ms: IntArray, median_ms: float, sigma: float = 1.0) -> IntArray:
    """Give a moment after each of `moments_ms`, delayed log-normally."""
    delay: FloatArray = median_ms * np.exp(sigma * rng.standard_normal(len(moments_ms)))
    return moments_ms + np.maximum(delay, 2 * SECOND).astype(np.int64)
