"""Key runs without the keys of calls that go: erased, or replaced by another reading of the same call."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from ingest.files import durable_write
from ingest.home import Home
from ingest.lake.checksums import checksum_of
from ingest.lake.key_runs import HourSlice, KeyRunRow, Keys, keys_of_slice, named_run, put_keys, slices_of
from ingest.lake.key_search import places_of
from ingest.values.arrow import Int64


def without_keys(run: KeyRunRow, gone: Keys, home: Home, points: str) -> KeyRunRow | None:
    """Give a run without some sorted keys, written but not entered; None where no key is left.

    Where it has none of them it is given as it is. An hour of it is held in memory at a time. `points` names the fault
    points that are passed.
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
            for place, keys in _kept(home.lake, run, places, left):
                put_keys(target, row.rows, place, keys)

    durable_write(home.lake / row.path, write, home.staging, points)
    return replace(row, checksum=checksum_of(home.lake / row.path))


def _kept(root: Path, run: KeyRunRow, places: dict[int, Int64], left: list[HourSlice]) -> Iterator[tuple[int, Keys]]:
    """Give (keys before it, keys) of each hour that is left."""
    offsets = {piece.hour: piece.offset for piece in left}
    for piece in run.hours:
        if piece.hour in offsets:
            kept = np.ones(piece.count, dtype=bool)
            kept[places[piece.hour]] = False
            yield offsets[piece.hour], keys_of_slice(root, run, piece).where(kept)


def _places(root: Path, run: KeyRunRow, piece: HourSlice, gone: Keys) -> Int64:
    """Give where in a slice the keys stand that go."""
    here = next((found for found in slices_of(gone.hours) if found.hour == piece.hour), None)
    if here is None:
        return np.empty(0, dtype=np.int64)
    wanted = slice(here.offset, here.offset + here.count)
    keys = keys_of_slice(root, run, piece)
    found = places_of(gone.high[wanted], gone.low[wanted], keys.high, keys.low)
    return found[found >= 0]


def _digest(keys: Keys) -> str:
    return hashlib.sha256(keys.high.tobytes() + keys.low.tobytes()).hexdigest()
