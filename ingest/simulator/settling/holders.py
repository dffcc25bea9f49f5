"""Who holds the numbers of a world: a row for everybody's line, and what it is for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from ingest.simulator.land.lines import Lines, Span
from ingest.simulator.randomness import IntArray

SUBSCRIBER, STAFF, RING, SERVICE, FOREIGN = range(5)


class Group(NamedTuple):
    """Lines of one sort."""

    sort: int  # SUBSCRIBER …
    of: int  # row of the trade, ring or service; NOBODY
    slot: IntArray
    span: Span


@dataclass(frozen=True)
class Holders:
    """All lines; rows are those of `lines`."""

    lines: Lines
    sort: IntArray
    of: IntArray

    def rows(self, sort: int, of: int | None = None) -> IntArray:
        """Give the rows of a sort, or of one trade, ring or service."""
        chosen = self.sort == sort
        return np.flatnonzero(chosen if of is None else chosen & (self.of == of))


def all_day(slot: IntArray, days: int) -> Span:
    """Give the span of numbers that are held for the whole of the world's time."""
    return Span(np.zeros(len(slot), dtype=np.int64), np.full(len(slot), days, dtype=np.int64))


def gathered(groups: Iterable[Group]) -> Holders:
    """Put all lines together."""
    parts = list(groups)
    counts = [len(part.slot) for part in parts]
    lines = Lines(
        np.concatenate([part.slot for part in parts]),
        np.concatenate([part.span.since for part in parts]),
        np.concatenate([part.span.until for part in parts]),
    )
    sorts, of = ([part.sort for part in parts], [part.of for part in parts])
    return Holders(lines, np.repeat(sorts, counts), np.repeat(of, counts))
