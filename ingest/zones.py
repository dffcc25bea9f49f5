"""Time zones on arrays: wall-clock times to instants and back, with gaps and overlaps told apart.

The rules come from the tzdata package, not from the machine, so that the same file gives the same calls everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

import numpy as np

from ingest.arrow import Bools, Int64

SECOND_US = 1_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST = datetime(1969, 12, 30, tzinfo=UTC)
_LAST = datetime(2100, 1, 1, tzinfo=UTC)
_STEP = timedelta(days=1)


class ZoneError(ValueError):
    """No such time zone."""


@dataclass(frozen=True)
class Zone:
    """Offsets of one zone from 1970 to 2099: `offsets[i]` holds before `changes[i]`, the last one after all (µs)."""

    name: str
    changes: Int64  # instants, ascending
    offsets: Int64  # one more than changes

    def offset_at(self, instants: Int64) -> Int64:
        """Give local time minus UTC at UTC instants, all in µs."""
        return self.offsets[np.searchsorted(self.changes, instants, side="right")]

    def to_utc(self, local: Int64) -> tuple[Int64, Bools]:
        """Give (instants, whether the clock never showed that time) of wall-clock times in µs.

        A time that the clock showed twice is the first.
        """
        before = self.offsets[:-1]
        place = np.searchsorted(self.changes + before, local, side="right")
        last_change = np.concatenate([[np.iinfo(np.int64).min], self.changes + self.offsets[1:]])
        return local - self.offsets[place], local < last_change[place]


@cache
def load_zone(name: str) -> Zone:
    """Give a zone by its IANA name; raises ZoneError."""
    zone = _rules(name)
    changes: list[int] = []
    offsets = [_offset(zone, _FIRST)]
    day = _FIRST
    while day < _LAST:
        after = _offset(zone, day + _STEP)
        if after != offsets[-1]:
            changes.append((_change_within(zone, day) - _EPOCH) // timedelta(microseconds=1))
            offsets.append(after)
        day += _STEP
    return Zone(name, np.array(changes, dtype=np.int64), np.array(offsets, dtype=np.int64))


def _rules(name: str) -> tzinfo:
    parts = name.split("/")
    source = files("tzdata").joinpath("zoneinfo", *parts)
    if (
        not all(part.replace("_", "").replace("-", "").replace("+", "").isalnum() for part in parts)
        or not source.is_file()
    ):
        raise ZoneError(f"{name!r} is no IANA time zone; write one as Asia/Kolkata")
    try:
        with source.open("rb") as file:
            return ZoneInfo.from_file(file, key=name)
    except ValueError:
        raise ZoneError(f"{name!r} is no IANA time zone; write one as Asia/Kolkata") from None


def _offset(zone: tzinfo, instant: datetime) -> int:
    offset = instant.astimezone(zone).utcoffset()
    assert offset is not None, "every zone of tzdata knows its offset"
    return int(offset / timedelta(microseconds=1))


def _change_within(zone: tzinfo, day: datetime) -> datetime:
    """Give the second at which the offset changes in the day after `day`."""
    low, high = 0, 86_400
    while high - low > 1:
        middle = (low + high) // 2
        same = _offset(zone, day + timedelta(seconds=middle)) == _offset(zone, day)
        low, high = (middle, high) if same else (low, middle)
    return day + timedelta(seconds=high)
