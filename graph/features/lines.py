"""How many calls a number had under way at once: array code on the calls of each caller in order."""

from __future__ import annotations

import ibis.expr.types as ir
import numpy as np
import numpy.typing as npt

from graph.call_blocks import LONGEST, Block
from graph.sorted_rows import changes

Floats = npt.NDArray[np.float64]


def read(calls: ir.Table) -> dict[str, ir.Value]:
    """Give what is looked at of calls: for how long each occupies its caller, in µs.

    It does while it rings, where that is on record, and while it is talked; one that does neither counts for nothing.
    """
    return {"length": ((calls.ring_ms.fill_null(0) + calls.talk_ms) * 1000).clip(upper=LONGEST)}


def columns(block: Block) -> dict[str, Floats]:
    """Give the most simultaneous calls of each caller of a block, NaN of who made none."""
    order, begin = block.in_order
    end = np.sort(begin + block.columns["length"].to_numpy()[order], kind="stable")  # they nearly are in order
    # An end at the instant of a begin frees its line first. All calls of lower callers have ended where those of the
    # next begin, so that one count runs through all.
    open_ = np.arange(1, len(begin) + 1) - np.searchsorted(end, begin, side="right")
    caller = begin >> block.bits
    starts = np.flatnonzero(changes(caller))
    peaks = np.full(block.count, np.nan)
    peaks[caller[starts]] = np.maximum.reduceat(open_, starts)
    return {"concurrent_peak": peaks}
