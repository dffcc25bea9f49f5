"""The calls of any span of time by pairs, in parts: closed days as they are derived, everything else by segments.

Changes nothing and needs no lock. What a writer replaces in the meantime is gone when it is opened: `steadily` asks
again then.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from ingest.lake.lake import DAY_US, DamagedLakeError, Lake, Segment, day_of, day_start
from ingest.lake.pair_day import day_key
from ingest.lake.pair_index import PairIndex
from ingest.lake.pair_shelf import MOST_CALLS, PairShelf
from ingest.lake.quarantine import find_quarantined, refuse
from ingest.lake.retention import gone_before
from ingest.ledger import ledger
from ingest.ledger.ledger import PairDayRow

Found = TypeVar("Found")
Span = tuple[int, int]  # half-open, µs
_TRIES = 3


class TooManyCallsError(RuntimeError):
    """Too many calls lie in days that are not derived; the message says what to do."""


@dataclass(frozen=True)
class Part:
    """Calls of one operator that started within [first, last] µs, or their sums by pair."""

    operator: str
    first: int
    last: int
    index: PairIndex


@dataclass(frozen=True)
class Parts:
    """What the lake has of a span: no call is in two parts; calls outside the span are to be left out of them."""

    span: Span
    parts: tuple[Part, ...]
    uncounted: tuple[tuple[str, Span], ...]  # (operator, what is dropped for its age)
    hidden: tuple[str, ...]  # numbers that are erased, of which calls may still be there


class PairParts:
    """Gives the pairs of spans of one lake; safe to share between threads."""

    def __init__(self, lake: Lake, night_h: tuple[int, int]) -> None:
        self.lake, self._night_h = lake, night_h
        self._shelf = PairShelf(lake.root, night_h)

    def within(self, span: Span) -> Parts:
        """Give what the lake has of a span.

        Raises DamagedLakeError where calls of a day that it touches are damaged or missing, TooManyCallsError, and
        FileNotFoundError where a writer replaced something just now.
        """
        held = self._segments(span)
        days = {day: segments for day, segments in held.items() if any(_touches(s, span) for s in segments)}
        refuse(find_quarantined(self.lake.engine, None, day_of(span[0]), day_of(span[1] - 1)))
        derived = ledger.find_pair_days(self.lake.engine)
        erased = tuple(self.lake.erased_pending().values())
        whole = {day: self._of_day(derived.get(day), segments) for day, segments in days.items()}
        single = [s for day, part in whole.items() if part is None for s in days[day] if _touches(s, span)]
        self._check_size(single)
        gone = {operator: gone_before(self.lake.engine, operator) or 0 for operator in self.lake.operators()}
        dropped = [row for day, row in derived.items() if day not in held and _is_old(row, span, gone)]
        old = [(row, self._shelf.of_day(row, of_calls=False)) for row in dropped]
        parts = [
            *(part for part in whole.values() if part),
            *(self._of_segment(segment, erased) for segment in single),
            *(_of_sums(row, index) for row, index in old if index),
        ]
        counted = [*held, *((row.operator, row.day) for row, index in old if index)]
        return Parts(span, tuple(parts), tuple(_uncounted(span, gone, counted)), erased)

    def _segments(self, span: Span) -> dict[tuple[str, str], list[Segment]]:
        """Give all segments of the days that a span touches, by (operator, day)."""
        first, last = day_start(day_of(span[0])), day_start(day_of(span[1] - 1))
        days: dict[tuple[str, str], list[Segment]] = defaultdict(list)
        for segment in self.lake.segments(None, first, last + DAY_US):
            days[segment.operator, segment.day].append(segment)
        return days

    def _check_size(self, segments: Sequence[Segment]) -> None:
        calls = sum(segment.rows for segment in segments)
        if calls > MOST_CALLS:
            raise TooManyCallsError(
                f"{calls} calls lie in days whose pairs are not summed yet, more than the {MOST_CALLS} that are summed "
                "while somebody waits; `ringfence ingest` sums the days that are closed"
            )

    def _of_day(self, row: PairDayRow | None, segments: Sequence[Segment]) -> Part | None:
        """Give a day as it was derived, None where it was not, or not from just these segments."""
        if row is None or row.key != day_key(segments, self._night_h):
            return None
        index = self._shelf.of_day(row, of_calls=True)
        first = min(segment.first_started for segment in segments)
        last = max(segment.last_started for segment in segments)
        return None if index is None else Part(row.operator, first, last, index)

    def _of_segment(self, segment: Segment, erased: Sequence[str]) -> Part:
        index = self._shelf.of_segment(segment, erased)
        return Part(segment.operator, segment.first_started, segment.last_started, index)


def steadily(question: Callable[[], Found]) -> Found:
    """Give the answer of what reads files, asked again where a writer replaced one; raises DamagedLakeError."""
    for _ in range(_TRIES - 1):
        try:
            return question()
        except FileNotFoundError:
            continue
    try:
        return question()
    except FileNotFoundError as error:
        missing = Path(str(error.filename)).name
        raise DamagedLakeError(f"segment {missing} is missing; `ringfence doctor --deep` sets it aside") from None


def _of_sums(row: PairDayRow, index: PairIndex) -> Part:
    start = day_start(row.day)
    return Part(row.operator, start, start + DAY_US - 1, index)


def _touches(segment: Segment, span: Span) -> bool:
    return segment.last_started >= span[0] and segment.first_started < span[1]


def _is_old(row: PairDayRow, span: Span, gone: dict[str, int]) -> bool:
    """Say whether a derived day stands for calls that are dropped for their age, and lies whole in the span."""
    end = day_start(row.day) + DAY_US
    return span[0] <= end - DAY_US and end <= min(span[1], gone.get(row.operator, 0))


def _uncounted(span: Span, gone: dict[str, int], counted: Sequence[tuple[str, str]]) -> Iterable[tuple[str, Span]]:
    """Give for each operator the spans of which neither calls nor sums are kept; `counted` are (operator, day)."""
    for operator, until in sorted(gone.items()):
        end = min(until, span[1])
        starts = [min(day_start(day), end) for of, day in counted if of == operator]
        begin = span[0]
        for start in [*sorted(starts), end]:
            if begin < start:
                yield operator, (begin, start)
            begin = max(begin, start + DAY_US)
