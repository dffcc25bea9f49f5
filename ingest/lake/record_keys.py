"""One record number is one call within a file, whatever the hours and days at which its rows say that it began.

A key made from a record's number does not hold its time, so rows of different days may share one. Which keys come more
than once is found on disk, some million at a time: memory grows with the repeated keys, not with the file.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from ingest.cdr import CALL_KEY_BYTES
from ingest.values.arrow import UInt64, key_halves

Keys = npt.NDArray[np.bytes_]  # S16: equal only when all 16 bytes are
_KEY = np.dtype(f"S{CALL_KEY_BYTES}")
_AT_ONCE = 4_000_000


def record_keys(calls: pa.Table) -> bytes:
    """Give the keys of the calls that have a record number, one after the other."""
    keys = calls["call_key"].filter(pc.is_valid(calls["record_id"]))
    return _keys(keys).tobytes()


class OncePerFile:
    """Lets the first call of each key through, over all parts of one file; the parts hold each key once."""

    def __init__(self, record_keys: Path) -> None:
        self._repeated = repeated_keys(record_keys, _AT_ONCE)
        self._taken = np.zeros(len(self._repeated), dtype=bool)

    def keep(self, calls: pa.Table) -> pa.Table:
        """Leave out the calls whose key an earlier part had."""
        if not len(self._repeated):
            return calls
        keys = _keys(calls["call_key"])
        place = np.minimum(np.searchsorted(self._repeated, keys), len(self._repeated) - 1)
        watched = self._repeated[place] == keys
        fresh = ~(watched & self._taken[place])
        self._taken[place[watched]] = True
        return calls if fresh.all() else calls.filter(pa.array(fresh))


def repeated_keys(path: Path, at_once: int) -> Keys:
    """Give the keys that a file of keys holds more than once, sorted; about `at_once` are looked at together."""
    count = path.stat().st_size // CALL_KEY_BYTES
    if not count:
        return np.empty(0, dtype=_KEY)
    parts = 1 + count // at_once
    return np.sort(np.concatenate([_repeated(path, part, parts, at_once) for part in range(parts)]))


def _repeated(path: Path, part: int, parts: int, at_once: int) -> Keys:
    halves = np.sort(np.concatenate([high[high % parts == part] for _, high in _blocks(path, at_once)]))
    doubtful = np.unique(halves[1:][halves[1:] == halves[:-1]])
    if not len(doubtful):
        return np.empty(0, dtype=_KEY)
    whole = np.concatenate([block[np.isin(high, doubtful)] for block, high in _blocks(path, at_once)])
    found, counts = np.unique(whole, return_counts=True)
    return found[counts > 1]


def _blocks(path: Path, size: int) -> Iterator[tuple[Keys, UInt64]]:
    """Give (keys, their first halves) of the file, `size` at a time; mapped pages would count as memory."""
    with path.open("rb") as file:
        while len(block := np.fromfile(file, dtype=_KEY, count=size)):
            yield block, block.view(np.uint64)[::2]


def _keys(column: pa.ChunkedArray) -> Keys:
    return np.column_stack(key_halves(column)).astype(">u8").view(_KEY).ravel()
