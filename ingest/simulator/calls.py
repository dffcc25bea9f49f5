"""Calls as columns: what every part of the world makes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields

import numpy as np

from ingest.simulator.randomness import BoolArray, IntArray

INNOCENT = -1


@dataclass(frozen=True)
class Calls:
    """Equally long columns, one row a call."""

    caller: IntArray  # slot of the numbering plan
    callee: IntArray  # slot
    started: IntArray  # milliseconds since 1970-01-01T00:00Z
    answered: BoolArray
    ring_ms: IntArray
    talk_ms: IntArray
    campaign: IntArray  # row of the campaign, or INNOCENT

    def __len__(self) -> int:
        return len(self.caller)

    def where(self, rows: BoolArray | IntArray) -> Calls:
        """Give the chosen rows, by mask or by position."""
        return Calls(*(getattr(self, field.name)[rows] for field in fields(self)))


def empty() -> Calls:
    """Give no calls."""
    none = np.empty(0, dtype=np.int64)
    return Calls(none, none, none, none.astype(np.bool_), none, none, none)


def joined(parts: Iterable[Calls]) -> Calls:
    """Give the calls of all parts, in the order of the parts."""
    columns = list(parts) or [empty()]
    return Calls(*(np.concatenate([getattr(part, field.name) for part in columns]) for field in fields(Calls)))


def in_order(calls: Calls) -> Calls:
    """Sort by start, caller, callee and talk, and drop what an operator could not tell apart.

    Two records with the same numbers, start and duration are one record to whoever reads them.
    """
    ordered = calls.where(np.lexsort((calls.talk_ms, calls.callee, calls.caller, calls.started)))
    same = np.ones(max(len(ordered) - 1, 0), dtype=np.bool_)
    for column in (ordered.started, ordered.caller, ordered.callee, ordered.talk_ms):
        same &= column[1:] == column[:-1]
    return ordered.where(~np.concatenate((np.zeros(min(len(ordered), 1), dtype=np.bool_), same)))
