"""What of new rows is of erased numbers: calls from before their erasure, and what dead rows show of them.

A number that is given to somebody else is new data: its calls from after the erasure are taken in as any others.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Engine

from configs import IngestSettings
from ingest.erased import tombstones
from ingest.erased.tombstones import Tombstones
from ingest.erased.traces import numbers_shown
from ingest.home import Home
from ingest.records.chunk import DEAD
from ingest.values.arrow import Bools, Int64, whole
from ingest.values.numbers import Normaliser

SIDES = ("caller", "callee", "forwarded_to")  # a call with an erased number on any of them is erased
ERASED = "erased"  # the reason of such a row
_NEVER = -(1 << 62)
_MOST_REMEMBERED = 1_000_000  # numbers that are not erased, at a time: bounds memory
_MINUTE_US = 60_000_000


class Erased:
    """Tells what is erased; safe in threads."""

    def __init__(self, stones: Tombstones, future_minutes: int) -> None:
        # As calls may lie so far after now, those that the lake held when they were erased may have, too.
        self._stones, self._margin = stones, future_minutes * _MINUTE_US
        self._others: set[str] = set()

    @classmethod
    def load(cls, home: Home, engine: Engine, limits: IngestSettings) -> Self | None:
        """Give what is erased in a home, None where nothing is: then nothing needs to be looked at."""
        found = tombstones.known(home, engine)
        return cls(found, limits.future_minutes) if found else None

    def calls(self, columns: dict[str, pa.Array]) -> Bools:
        """Give which of some calls are erased, by the SIDES among their columns and by `started`."""
        started: Int64 = columns["started"].to_numpy()
        found = np.zeros(len(started), dtype=bool)
        for side in SIDES:
            if side in columns:
                found |= started <= self._until(columns[side])
        return found

    def sift(
        self, calls: pa.Table, dead: pa.Table, rows: int, readers: Sequence[Normaliser]
    ) -> tuple[pa.Table, pa.Table]:
        """Give calls (CALL_SCHEMA) and dead letters (DEAD) without what is erased, which becomes dead letters.

        Both are of the same `rows` rows. Calls bear no places, so those that are erased get places that no dead letter
        has, in the order of the calls; for `readers` see `without_raw`.
        """
        is_erased = self.calls({name: whole(calls[name]) for name in (*SIDES, "started")})
        free = np.setdiff1d(np.arange(rows, dtype=np.int64), dead["row"].to_numpy())
        places = free[np.flatnonzero(is_erased)]
        letters = pa.table([places, [ERASED] * len(places), [b""] * len(places)], schema=DEAD)
        together = self.without_raw(pa.concat_tables([dead, letters]), readers)
        return calls.filter(pa.array(~is_erased)), together.take(pc.sort_indices(together["row"]))

    def without_raw(self, dead: pa.Table, readers: Sequence[Normaliser]) -> pa.Table:
        """Give rows of DEAD, without the raw of those that show an erased number, whatever their time.

        `readers` are what reads numbers in the countries of the mapping.
        """
        raw = whole(dead["raw"])
        shown = numbers_shown(raw, readers)
        rows = shown.rows[self._until(shown.numbers) > _NEVER]
        return emptied(dead, rows)

    def _until(self, numbers: pa.Array | pa.ChunkedArray) -> Int64:
        """Give for each number the last start in µs that is erased."""
        encoded = whole(numbers).dictionary_encode()
        until = np.array([*(self._of(number) for number in encoded.dictionary.to_pylist()), _NEVER], dtype=np.int64)
        found: Int64 = until[pc.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False)]
        return found

    def _of(self, number: str) -> int:
        if number in self._others:
            return _NEVER
        at = self._stones.of(number)
        if at is not None:
            return at + self._margin
        if len(self._others) >= _MOST_REMEMBERED:
            self._others = set()
        self._others.add(number)
        return _NEVER


def without_numbers(calls: pa.Table, numbers: Sequence[str]) -> pa.Table:
    """Give the calls that have none of some numbers on any of the SIDES."""
    if not numbers:
        return calls
    wanted = pa.array(numbers)
    found = [pc.is_in(calls[side], value_set=wanted).to_numpy() for side in SIDES]
    return calls.filter(pa.array(~np.any(found, axis=0)))


def emptied(dead: pa.Table, rows: Int64 | Iterable[int]) -> pa.Table:
    """Give rows of DEAD, some of them (by their place in the table) without their raw."""
    places = np.asarray(rows, dtype=np.int64)
    if not len(places):
        return dead
    is_emptied = np.zeros(len(dead), dtype=bool)
    is_emptied[places] = True
    raw = pc.if_else(pa.array(is_emptied), pa.scalar(b"", pa.binary()), whole(dead["raw"]))
    return dead.set_column(dead.schema.get_field_index("raw"), dead.schema.field("raw"), raw)
