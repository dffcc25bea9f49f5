"""Which of sorted keys stand in key runs: a search in the files where they lie, never a table of everything."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np

from ingest.lake.key_runs import KeyRunRow, Keys, halves_of, slices_of
from ingest.values.arrow import Bools, Int64, UInt64


def known(keys: Keys, root: Path, runs: Iterable[KeyRunRow]) -> Bools:
    """Give for each of sorted keys whether a run holds it in the same hour; `root` is the lake's folder."""
    found = np.zeros(len(keys.high), dtype=bool)
    places = {piece.hour: slice(piece.offset, piece.offset + piece.count) for piece in slices_of(keys.hours)}
    for run in runs:
        for piece in run.hours:
            if here := places.get(piece.hour):
                found[here] |= _among(keys.high[here], keys.low[here], *halves_of(root, run, piece))
    return found


def _among(high: UInt64, low: UInt64, known_high: UInt64, known_low: UInt64) -> Bools:
    """Give for each sorted key whether it is among other sorted keys."""
    first = np.searchsorted(known_high, high)
    found: Bools = np.asarray(known_high[np.minimum(first, len(known_high) - 1)] == high)
    after = np.searchsorted(known_high, high[found], "right")
    found[found] = _equal_low(low[found], known_low, first[found], after)
    return found


def _equal_low(low: UInt64, known_low: UInt64, first: Int64, after: Int64) -> Bools:
    """Give for each key whether one of the known keys with its first half has its last half, too."""
    found: Bools = np.asarray(known_low[first] == low)
    for place in np.flatnonzero(~found & (after - first > 1)):  # two keys with one first half: all but impossible
        found[place] = low[place] in known_low[first[place] : after[place]]
    return found
