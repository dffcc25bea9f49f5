"""Key runs without the keys of calls that are erased: a key is made from the numbers and could be guessed back."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from ingest.files import durable_write
from ingest.home import Home
from ingest.lake.checksums import checksum_of
from ingest.lake.key_runs import HALF_BYTES, HourSlice, KeyRunRow, Keys, halves_of, named_run, slices_of
from ingest.values.arrow import Int64, UInt64


def without_keys(run: KeyRunRow, gone: Keys, home: Home) -> KeyRunRow | None:
    """Give a run without some sorted keys, written but not entered; None where no key is left.

    Where it has none of them it is given as it is. An hour of it is held in memory at a time.
    """
    places = {piece.hour: _places(home.lake, run, piece, gone) for piece in run.hours}
    if not any(len(found) for found in places.values()):
        return run
    counts = [(piece.hour, piece.count - len(places[piece.hour])) for piece in run.hours]
    offsets = np.cumsum([0, *(count for _, count in counts)]).tolist()
    left = [HourSlice(hour, at, count) for (hour, count), at in zip(counts, offsets, strict=False) if count]
    if not left:
        return None
    row = named_run(f"{run.id} {left} {_digest(gone)}", run.operator, run.day, left, "")

    def write(file: Path) -> None:
        with file.open("wb") as target:
            for begin, high, low in _kept(home.lake, run, places, left):
                for half, place in ((high, begin), (low, row.rows + begin)):
                    target.seek(place * HALF_BYTES)
                    target.write(half.astype("<u8").tobytes())

    durable_write(home.lake / row.path, write, home.staging, "erase:keys")
    return replace(row, checksum=checksum_of(home.lake / row.path))


def _kept(
    root: Path, run: KeyRunRow, places: dict[int, Int64], left: list[HourSlice]
) -> Iterator[tuple[int, UInt64, UInt64]]:
    """Give (keys before it, first halves, last halves) of each hour that is left."""
    offsets = {piece.hour: piece.offset for piece in left}
    for piece in run.hours:
        if piece.hour in offsets:
            high, low = halves_of(root, run, piece)
            yield offsets[piece.hour], np.delete(high, places[piece.hour]), np.delete(low, places[piece.hour])


def _places(root: Path, run: KeyRunRow, piece: HourSlice, gone: Keys) -> Int64:
    """Give where in a slice the keys stand that go."""
    here = next((found for found in slices_of(gone.hours) if found.hour == piece.hour), None)
    if here is None:
        return np.empty(0, dtype=np.int64)
    wanted = slice(here.offset, here.offset + here.count)
    high, low = halves_of(root, run, piece)
    first = np.searchsorted(high, gone.high[wanted])
    after = np.searchsorted(high, gone.high[wanted], "right")
    found = [
        begin + np.flatnonzero(low[begin:end] == key)
        for begin, end, key in zip(first.tolist(), after.tolist(), gone.low[wanted], strict=True)
        if begin < end
    ]
    return np.concatenate(found) if found else np.empty(0, dtype=np.int64)


def _digest(keys: Keys) -> str:
    return hashlib.sha256(keys.high.tobytes() + keys.low.tobytes()).hexdigest()
