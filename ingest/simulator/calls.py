"""Calls as columns: what every part of the world makes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cache, partial
from typing import Any

import numpy as np
import numpy.typing as npt

from ingest.simulator.randomness import BoolArray, IntArray

INNOCENT = -1  # no campaign
OWN = -1  # what the world itself knows of the caller on that day
VOICE, SMS, FORWARD = 0, 1, 2
Column = npt.NDArray[Any]


@cache
def each(value: int) -> IntArray:
    """Give a column that holds one value in every row; it takes no memory, and Calls stretches it to its length."""
    return _repeated(np.full(1, value, dtype=np.int64), 1)


@dataclass(frozen=True)
class Calls:
    """Equally long columns, one row a call. Columns of one value are views: nothing may be written into a column."""

    caller: IntArray  # slot of the numbering plan
    callee: IntArray  # slot
    started: IntArray  # milliseconds since 1970-01-01T00:00Z
    answered: BoolArray  # of an SMS: delivered
    ring_ms: IntArray
    talk_ms: IntArray
    campaign: IntArray = field(default_factory=partial(each, INNOCENT))  # row of the campaign, or INNOCENT
    kind: IntArray = field(default_factory=partial(each, VOICE))
    forwarded_to: IntArray = field(default_factory=partial(each, OWN))  # slot, of kind FORWARD
    trunk: IntArray = field(default_factory=partial(each, OWN))  # row of the country's trunks
    device: IntArray = field(default_factory=partial(each, OWN))  # row of the world's devices
    sim: IntArray = field(default_factory=partial(each, OWN))  # row of the world's SIMs
    cell: IntArray = field(default_factory=partial(each, OWN))  # row of the country's cells

    def __post_init__(self) -> None:
        for name in _names():
            column = getattr(self, name)
            if len(column) != len(self.caller):
                object.__setattr__(self, name, _stretched(column, len(self.caller), name))

    def __len__(self) -> int:
        return len(self.caller)

    def where(self, rows: BoolArray | IntArray) -> Calls:
        """Give the chosen rows, by mask or by position."""
        at = np.asarray(np.flatnonzero(rows) if rows.dtype == np.bool_ else rows, dtype=np.int64)
        return Calls(*(_taken(getattr(self, name), at) for name in _names()))

    def but(self, **columns: Column) -> Calls:
        """Give the same calls with other columns."""
        return replace(self, **columns)


def empty() -> Calls:
    """Give no calls."""
    none = np.empty(0, dtype=np.int64)
    return Calls(none, none, none, none.astype(np.bool_), none, none)


def joined(parts: Iterable[Calls]) -> Calls:
    """Give the calls of all parts, in the order of the parts."""
    columns = [part for part in parts if len(part)] or [empty()]
    return Calls(*(_joined([getattr(part, name) for part in columns]) for name in _names()))


def packed(calls: Calls) -> Calls:
    """Give the same calls in the smallest integers that hold them, for a day of millions.

    Products of these columns may overflow: whoever multiplies widens them first.
    """
    return Calls(*(_packed(getattr(calls, name), _SMALL.get(name)) for name in _names()))


_SMALL: dict[str, type[np.signedinteger[Any]]] = {
    "caller": np.int32,
    "callee": np.int32,
    "ring_ms": np.int32,
    "talk_ms": np.int32,
    "campaign": np.int32,
    "kind": np.int8,
    "forwarded_to": np.int32,
    "trunk": np.int32,
    "device": np.int32,
    "sim": np.int32,
    "cell": np.int32,
}


def _packed(column: Column, small: type[np.signedinteger[Any]] | None) -> Column:
    if small is None:
        return column
    if _is_one_value(column) and len(column):
        return _repeated(column[:1].astype(small), len(column))
    return column.astype(small, copy=False)


@cache
def _names() -> tuple[str, ...]:
    return tuple(column.name for column in fields(Calls))


def _is_one_value(column: Column) -> bool:
    return column.strides == (0,)


def _stretched(column: Column, count: int, name: str) -> Column:
    if not _is_one_value(column) or not len(column):
        raise ValueError(f"the column {name} has {len(column)} rows where there are {count} calls")
    return _repeated(column, count)


def _repeated(column: Column, count: int) -> Column:
    """Give the first value of a column as often as asked: one value in memory, which nobody may write."""
    repeated: Column = np.ndarray((count,), column.dtype, column[:1], 0, (0,))
    repeated.flags.writeable = False
    return repeated


def _taken(column: Column, at: IntArray) -> Column:
    return column[: len(at)] if _is_one_value(column) and len(at) <= len(column) else column[at]


def _joined(parts: Sequence[Column]) -> Column:
    if all(_is_one_value(part) and part[0] == parts[0][0] for part in parts if len(part)) and len(parts[0]):
        return _repeated(parts[0], sum(map(len, parts)))
    return np.concatenate(parts)
