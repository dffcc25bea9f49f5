"""How many calls a number had under way at once."""

from __future__ import annotations

from collections.abc import Iterator

import ibis.expr.types as ir
import numpy as np
import numpy.typing as npt

from graph.blocks import cuts
from graph.query_engine import QueryEngine
from graph.windows import DAY, Window

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
_LONGEST = 2 * DAY  # that a call is taken to occupy its caller
_MOST_CALLS = 1 << 23  # that are looked at together, but for a caller who made more (bounds memory)


def concurrent_peaks(engine: QueryEngine, calls: ir.Table, window: Window, count: int) -> Floats:
    """Give the most simultaneous calls of each of `count` callers, NaN of who made none.

    A call occupies its caller while it rings, where that is on record, and while it is talked; one that does neither
    counts for nothing. Caller and instant are sorted as one number, a fifth of the cost of a window function.
    """
    bits = (window.end - window.start + _LONGEST).bit_length()
    peaks = np.full(count, np.nan)
    for first, end in _blocks(engine, calls, count, 1 << (63 - bits)):
        rows = engine.fetch(_spans(calls, window, bits, first, end))
        began, ended = (np.sort(rows[name].to_numpy()) for name in ("begin", "end"))
        nodes, most = _peaks(began, ended, bits)
        peaks[first + nodes] = most
    return peaks


def _blocks(engine: QueryEngine, calls: ir.Table, count: int, most_nodes: int) -> Iterator[tuple[int, int]]:
    """Give spans of callers with a bounded number of calls."""
    made = engine.fetch(calls.group_by("caller").agg(calls=calls.count()))
    counts = np.zeros(count, dtype=np.int64)
    counts[made["caller"].to_numpy()] = made["calls"].to_numpy()
    for first, end in cuts(counts, _MOST_CALLS):
        for start in range(first, end, most_nodes):
            yield start, min(start + most_nodes, end)


def _spans(calls: ir.Table, window: Window, bits: int, first: int, until: int) -> ir.Table:
    """Give begin and end of the calls of some callers, each as caller * 2^bits + µs since the window's start."""
    some = calls.filter((calls.caller >= first) & (calls.caller < until))
    length = (some.ring_ms.fill_null(0) + some.talk_ms) * 1000
    at = some.started - window.start
    base = (some.caller.cast("int64") - first) * (1 << bits)
    return some.select(begin=base + at, end=base + at + length.clip(upper=_LONGEST))


def _peaks(begin: Integers, end: Integers, bits: int) -> tuple[Integers, Integers]:
    """Give the callers and their peaks; an end at the instant of a begin frees its line first.

    All calls of lower callers have ended where those of the next begin, so that one count runs through all.
    """
    open_ = np.arange(1, len(begin) + 1) - np.searchsorted(end, begin, side="right")
    caller = begin >> bits
    starts = np.flatnonzero(np.diff(caller, prepend=-1))
    return caller[starts], np.maximum.reduceat(open_, starts) if len(starts) else open_
