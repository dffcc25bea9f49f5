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

from ingest.values.arrow import Bools, Int64

SECOND_US = 1_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_PERIOD = timedelta(days=3_660)  # changes are looked up by periods of about ten years, those that are asked for
_LAST_PERIOD = 12  # to 2100
_MARGIN = timedelta(days=2)  # more than clocks differ from UTC
_STEP = timedelta(days=6)  # shorter than the shortest time between two changes of any zone since 1970: 6.96 days


class ZoneError(ValueError):
    """No such time zone."""


@dataclass(frozen=True)
class Changes:
    """Offsets over some time: `offsets[i]` holds before `instants[i]`, the last one after all (µs)."""

    instants: Int64  # ascending
    offsets: Int64  # one more


@dataclass(frozen=True)
class Zone:
    """Offsets of one zone from 1970 to 2100; before and after it, those at either end."""

    name: str

    def offset_at(self, instants: Int64) -> Int64:
        """Give local time minus UTC at UTC instants, all in µs."""
        changes = self._around(instants)
        return changes.offsets[np.searchsorted(changes.instants, instants, side="right")]

    def to_utc(self, local: Int64) -> tuple[Int64, Bools]:
        """Give (instants, whether the clock never showed that time) of wall-clock times in µs.

        A time that the clock showed twice is the first.
        """
        changes = self._around(local)
        before = changes.offsets[:-1]
        place = np.searchsorted(changes.instants + before, local, side="right")
        last_change = np.concatenate([[np.iinfo(np.int64).min], changes.instants + changes.offsets[1:]])
        return local - changes.offsets[place], local < last_change[place]

    def since(self, instant: int) -> Changes:
        """Give all changes after an instant (µs)."""
        all_of_them = _changes(self.name, _period(instant), _LAST_PERIOD)
        late = int(np.searchsorted(all_of_them.instants, instant, side="right"))
        return Changes(all_of_them.instants[late:], all_of_them.offsets[late:])

    def _around(self, instants: Int64) -> Changes:
        if not len(instants):
            return _changes(self.name, 0, 0)
        return _changes(self.name, _period(int(instants.min())), _period(int(instants.max())))


@cache
def load_zone(name: str) -> Zone:
    """Give a zone by its IANA name; raises ZoneError."""
    _rules(name)
    return Zone(name)


@cache
def zone_names() -> frozenset[str]:
    """Give the names of all IANA zones, old ones included; much cheaper than loading one."""
    return frozenset(files("tzdata").joinpath("zones").read_text(encoding="utf-8").split())


@cache
def _rules(name: str) -> tzinfo:
    if name not in zone_names():
        raise ZoneError(f"{name!r} is no IANA time zone; write one as Asia/Kolkata")
    with files("tzdata").joinpath("zoneinfo", *name.split("/")).open("rb") as file:
        return ZoneInfo.from_file(file, key=name)


def _period(instant: int) -> int:
    return min(max(instant // _us(_PERIOD), 0), _LAST_PERIOD)


@cache
def _changes(name: str, first: int, last: int) -> Changes:
    """Give the changes within the periods `first` … `last` and shortly before and after them."""
    begin = (_EPOCH + first * _PERIOD - _MARGIN).replace(tzinfo=_rules(name))
    end = (_EPOCH + (last + 1) * _PERIOD + _MARGIN).replace(tzinfo=_rules(name))
    instants: list[int] = []
    offsets = [_offset(begin)]
    while begin < end:
        after = _offset(begin + _STEP)
        if after != offsets[-1]:
            instants.append(_us(_change_within(begin).replace(tzinfo=UTC) - _EPOCH))
            offsets.append(after)
        begin += _STEP
    return Changes(np.array(instants, dtype=np.int64), np.array(list(map(_us, offsets)), dtype=np.int64))


def _offset(instant: datetime) -> timedelta:
    """Give local time minus UTC at a UTC instant that bears its zone, a sixth of the cost of asking for the offset."""
    zone = instant.tzinfo
    assert zone is not None, "the instant bears its zone"
    return zone.fromutc(instant) - instant  # of one zone: the difference of what clocks show


def _us(span: timedelta) -> int:
    return span // timedelta(microseconds=1)


def _change_within(begin: datetime) -> datetime:
    """Give the second at which the offset changes in the step after `begin`."""
    low, high = 0, int(_STEP.total_seconds())
    while high - low > 1:
        middle = (low + high) // 2
        same = _offset(begin + timedelta(seconds=middle)) == _offset(begin)
        low, high = (middle, high) if same else (low, middle)
    return begin + timedelta(seconds=high)
