"""Windows: half-open spans of UTC time, in microseconds."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

MICROSECOND = 1
SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR

_SPAN = re.compile(r"([1-9][0-9]{0,4})(m|h|d)")
_UNITS = {"m": MINUTE, "h": HOUR, "d": DAY}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_PAST_LAST = datetime(9999, 1, 1, tzinfo=UTC)  # a year below what a datetime holds, so that sums with spans fit


class TimeError(ValueError):
    """A span or an instant cannot be read; the message says what is accepted."""


class EmptyWindowError(ValueError):
    """No call to analyse lies in the window; the message says where the lake's calls lie."""


@dataclass(frozen=True, order=True)
class Window:
    """Half-open span [start, end) in microseconds since 1970-01-01T00:00Z."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if self.start >= self.end:
            raise TimeError(f"a window must end after it starts: {iso(self.start)} .. {iso(self.end)}")

    @property
    def days(self) -> float:
        """Length in days of 24 hours."""
        return (self.end - self.start) / DAY

    @classmethod
    def before(cls, as_of: int, span: str) -> Window:
        """Give the window of length `span` (as `30d`, `24h`, `90m`) that ends just before `as_of`.

        It begins in 1970 at the earliest: no call is older.
        """
        return cls(max(as_of - parse_span(span), 0), as_of)


def parse_span(text: str) -> int:
    """Give `30d`, `24h` or `90m` in microseconds; raises TimeError."""
    found = _SPAN.fullmatch(text)
    if not found:
        raise TimeError(f"not a span: {text!r}; write a whole number and m, h or d, as 30d")
    return int(found[1]) * _UNITS[found[2]]


def span_of(length: int) -> str:
    """Give the shortest span, as `parse_span` reads it, of at least `length` microseconds."""
    exact = next((name for name in "dhm" if length % _UNITS[name] == 0), "d")
    return f"{-(-length // _UNITS[exact])}{exact}"


def parse_instant(text: str) -> int:
    """Give an ISO 8601 instant of 1970 to 9998 (without offset: UTC) in microseconds; raises TimeError."""
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        raise TimeError(f"not an ISO 8601 time: {text!r}; write 2026-05-01T00:00:00Z") from None
    instant = to_us(when if when.tzinfo else when.replace(tzinfo=UTC))
    if not 0 <= instant < to_us(_PAST_LAST):
        raise TimeError(f"not a time of 1970 to 9998: {text!r}")
    return instant


def to_us(when: datetime) -> int:
    """Give an aware datetime in microseconds since 1970-01-01T00:00Z, without a detour over floats."""
    return (when - _EPOCH) // timedelta(microseconds=1)


def to_datetime(us: int) -> datetime:
    """Give microseconds since 1970-01-01T00:00Z as an aware UTC datetime."""
    return _EPOCH + timedelta(microseconds=us)


def iso(us: int) -> str:
    """Give microseconds as ISO 8601 in UTC with a Z."""
    return to_datetime(us).isoformat().replace("+00:00", "Z")
