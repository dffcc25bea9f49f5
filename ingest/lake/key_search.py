"""Which of sorted keys stand in key runs: a search in the files where they lie, never a table of everything."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import numpy as np

from ingest.lake.key_runs import KeyRunRow, Keys, keys_of_slice, slices_of
from ingest.values.arrow import Bools, Int64, UInt64


class Found(NamedTuple):
    """What runs say of some keys, a place a key."""

    known: Bools  # a run holds it in the same hour
    differs: Bools  # and says that the call has something else in its other columns


def known(keys: Keys, root: Path, runs: Iterable[KeyRunRow]) -> Bools:
    """Give for each of sorted keys whether a run holds it in the same hour; `root` is the lake's folder."""
    return look_up(keys, root, runs).known


def look_up(keys: Keys, root: Path, runs: Iterable[KeyRunRow]) -> Found:
    """Look sorted keys up in runs; `root` is the lake's folder."""
    found = Found(np.zeros(len(keys.high), dtype=bool), np.zeros(len(keys.high), dtype=bool))
    hours = {piece.hour: slice(piece.offset, piece.offset + piece.count) for piece in slices_of(keys.hours)}
    for run in runs:
        for piece in run.hours:
            if here := hours.get(piece.hour):
                stored = keys_of_slice(root, run, piece)
                places = places_of(keys.high[here], keys.low[here], stored.high, stored.low)
                there = places >= 0
                found.known[here] |= there
                found.differs[here][there] |= stored.rest[places[there]] != keys.rest[here][there]
    return found


def places_of(high: UInt64, low: UInt64, among_high: UInt64, among_low: UInt64) -> Int64:
    """Give the place of each key among sorted keys, one at least, -1 where it is none of them; keys as two halves."""
    first = np.searchsorted(among_high, high)
    places: Int64 = np.where(among_high[np.minimum(first, len(among_high) - 1)] == high, first, -1)
    there = places >= 0
    after = np.searchsorted(among_high, high[there], "right")
    places[there] = _with_low(low[there], among_low, first[there], after)
    return places


def _with_low(low: UInt64, among: UInt64, first: Int64, after: Int64) -> Int64:
    """Give the place of each last half in [first, after) of others, -1 where it is not there."""
    places: Int64 = np.where(among[first] == low, first, -1)
    for place in np.flatnonzero((places < 0) & (after - first > 1)):  # two keys with one first half: all but impossible
        same = np.flatnonzero(among[first[place] : after[place]] == low[place])
        places[place] = first[place] + same[0] if len(same) else -1
    return places
