"""One record number is one call within a file, whatever the hours and days at which its rows say that it began.

A key made from a record's number does not hold its time, so rows of different days may share one; the earliest hour is
the call's. Which keys come more than once is found on disk: the file of keys is read once, into buckets by the first
bits of the key, which are looked at one after the other. Memory is bounded whatever the share of repeats.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from ingest.lake.key_runs import hours_of
from ingest.lake.key_search import places_of
from ingest.values.arrow import Int64, UInt64, key_halves

_ENTRY = np.dtype([("high", "<u8"), ("low", "<u8"), ("hour", "<i8"), ("times", "u1")])
Entries = npt.NDArray[np.void]  # of _ENTRY
_AT_ONCE = 2_000_000
_MOST_BITS = 8  # of a key that name its bucket: so many files are open at a time


class Repeated(NamedTuple):
    """Keys that come more than once, sorted, and the earliest hour of each; columns lie on disk."""

    high: UInt64
    low: UInt64
    hour: Int64


def record_keys(calls: pa.Table) -> bytes:
    """Give an entry for each call that has a record number, one after the other."""
    numbered = calls.select(["call_key", "started"]).filter(pc.is_valid(calls["record_id"]))
    entries = np.empty(len(numbered), dtype=_ENTRY)
    entries["high"], entries["low"] = key_halves(numbered["call_key"])
    entries["hour"], entries["times"] = hours_of(numbered), 1
    return entries.tobytes()


class OncePerFile:
    """Lets calls of a key through in the earliest hour that the file says of it, in whatever order its parts come."""

    def __init__(self, entries: Path) -> None:
        self._repeated = repeated(entries, _AT_ONCE)

    def keep(self, calls: pa.Table) -> pa.Table:
        """Leave out the calls of a later hour than their key's first."""
        if not len(self._repeated.high) or not len(calls):
            return calls
        places = places_of(*key_halves(calls["call_key"]), self._repeated.high, self._repeated.low)
        first = (places < 0) | (self._repeated.hour[places] == hours_of(calls))
        return calls if first.all() else calls.filter(pa.array(first))


def repeated(path: Path, at_once: int) -> Repeated:
    """Give the keys that a file of entries holds more than once; about `at_once` are in memory together.

    What is found lies beside the file.
    """
    with ExitStack() as files:
        columns = [files.enter_context(_beside(path, name).open("wb")) for name in Repeated._fields]
        for bucket in _buckets(path, at_once):
            found = bucket[bucket["times"] > 1]
            for column, name in zip(columns, Repeated._fields, strict=True):
                column.write(found[name].tobytes())
    high, low, hour = (_column(_beside(path, name), _ENTRY[name]) for name in Repeated._fields)
    return Repeated(high, low, hour)


def _buckets(path: Path, at_once: int) -> Iterator[Entries]:
    """Give all entries in ascending parts of the keys, each key once and sorted."""
    bits = min((path.stat().st_size // _ENTRY.itemsize // at_once).bit_length(), _MOST_BITS)
    if not bits:
        yield _collapsed(np.fromfile(path, dtype=_ENTRY))
        return
    paths = [_beside(path, f"bucket{number}") for number in range(1 << bits)]
    _split(path, paths, bits, at_once)
    for bucket in paths:
        yield _collapsed(np.fromfile(bucket, dtype=_ENTRY))
        bucket.unlink()


def _split(path: Path, paths: list[Path], bits: int, at_once: int) -> None:
    """Split entries by the first bits of their keys; what a block repeats is put together before."""
    bounds = np.arange(1, len(paths), dtype=np.uint64) << np.uint64(64 - bits)
    with ExitStack() as files, path.open("rb") as source:
        targets = [files.enter_context(bucket.open("wb")) for bucket in paths]
        while len(block := np.fromfile(source, dtype=_ENTRY, count=at_once)):
            entries = _collapsed(block)
            parts = np.split(entries, np.searchsorted(entries["high"], bounds))
            for target, part in zip(targets, parts, strict=True):
                target.write(part.tobytes())


def _collapsed(entries: Entries) -> Entries:
    """Give one entry a key, sorted, with its earliest hour and whether it came more than once (2 times) or not."""
    ordered = entries[np.argsort(entries["high"])]
    if not (np.diff(ordered["high"]) == 0).any():  # half of a hash: the same only where the key is
        return ordered
    ordered = entries[np.lexsort((entries["hour"], entries["low"], entries["high"]))]
    same = (np.diff(ordered["high"]) == 0) & (np.diff(ordered["low"]) == 0)
    firsts = np.flatnonzero(np.insert(~same, 0, True))
    times = np.add.reduceat(ordered["times"].astype(np.int64), firsts)
    found = ordered[firsts]
    found["times"] = np.minimum(times, 2)
    return found


def _beside(path: Path, name: str) -> Path:
    return path.with_name(f"{path.name}.{name}")


def _column(path: Path, kind: np.dtype[Any]) -> npt.NDArray[Any]:
    return np.memmap(path, dtype=kind, mode="r") if path.stat().st_size else np.empty(0, dtype=kind)
