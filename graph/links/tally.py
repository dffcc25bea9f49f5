"""What pairs have in common, summed over their meetings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from graph.exact_sums import sums
from graph.links.meetings import Met
from graph.links.table import DECIMALS, Floats, Integers, Nodes

UNIT = 1 << 18  # weights are summed as whole numbers of this fraction, so that no order of rows shows
_HELD = 1 << 22  # rows that are held before sums are taken


@dataclass(frozen=True)
class Tally:
    """Pairs a < b, sorted, each once."""

    a: Nodes
    b: Nodes
    worth: Integers  # of all keys that they share, in UNIT
    shared: Integers  # how many keys that is


def damped(numbers_at: Integers) -> Integers:
    """Give 1 / log2(1 + n) in UNIT for keys with `n` numbers: what everybody has says little (Adamic, Adar 2003)."""
    return np.rint(UNIT / np.log2(1.0 + np.maximum(numbers_at, 1))).astype(np.int64)


def tally(met: Iterable[Met], worth: Integers) -> Tally:
    """Sum the `worth` (in UNIT, by key) of the keys at which pairs met.

    Memory: that of the distinct pairs, and of four million rows more.
    """
    held: list[Tally] = []
    rows = 0
    for block in met:
        held.append(Tally(block.a, block.b, worth[block.key], np.ones(len(block.a), dtype=np.int64)))
        rows += len(block.a)
        if rows > _HELD:
            held, rows = [_summed(held)], 0
    return _summed(held)


def overlap(pairs: Tally, own: Integers) -> Floats:
    """Give 0..1: what two have in common / what the one with less has in all; `own` in UNIT, by node."""
    less = np.minimum(own[pairs.a], own[pairs.b])
    return np.asarray(np.round(np.minimum(pairs.worth / np.maximum(less, 1), 1.0), DECIMALS), dtype=np.float64)


def _summed(parts: list[Tally]) -> Tally:
    a, b, worth, shared = (
        np.concatenate([np.empty(0, dtype=kind), *(getattr(part, name) for part in parts)])
        for name, kind in (("a", np.int32), ("b", np.int32), ("worth", np.int64), ("shared", np.int64))
    )
    pair, which = np.unique(a.astype(np.int64) << 32 | b, return_inverse=True)
    ends = (pair >> 32).astype(np.int32), (pair & 0xFFFFFFFF).astype(np.int32)
    return Tally(*ends, *(sums(which, values, len(pair)) for values in (worth, shared)))
