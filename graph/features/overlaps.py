"""Calls that meet other calls at the same callee: merged with one (a code that is read out), or refiled as another.

Array code on the calls of each callee in order.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from configs import FeatureSettings
from graph.call_blocks import Block, CallBlocks
from graph.features.ratio import rounded_ratio
from graph.sorted_rows import changes, distinct, touching
from graph.windows import SECOND

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Nodes = npt.NDArray[np.int32]


def columns(callees: CallBlocks, settings: FeatureSettings) -> dict[str, Floats]:
    """Give the group's features of every caller of others, row = node; `callees`: calls between different numbers."""
    count = len(callees.counts)
    sums = {name: np.zeros(count, dtype=np.int64) for name in ("attempts", "refiled", "held", "merged", "callees")}
    calls = callees.calls
    for block in callees.read(rung=calls.ring_ms.fill_null(0) * 1000, talked=calls.talk_ms * 1000):
        held, merged, met = _overlaps(block)
        refiled = _refiled(block, settings.refile_s * SECOND)
        callers: tuple[npt.NDArray[np.integer], ...] = (block.other, refiled, held, merged, met)
        for name, caller in zip(sums, callers, strict=True):
            sums[name] += np.bincount(caller, minlength=count)
    return {
        "overlapped_callees": sums["callees"].astype(np.float64),
        "overlap_share": rounded_ratio(sums["merged"], sums["held"]),
        "refiled_share": rounded_ratio(sums["refiled"], sums["attempts"]),
    }


def _overlaps(block: Block) -> tuple[Nodes, Nodes, Integers]:
    """Give the callers of all conversations, of those that overlap, and of every callee with such a one.

    Look at each callee's conversations in order: has an earlier one not ended, or does the next begin too soon? Which
    of those that begin together comes first does not matter: all of them overlap. All ends at lower callees lie below.
    """
    begin, end, caller = _conversations(block)
    overlaps = np.zeros(len(begin), dtype=np.bool_)
    overlaps[1:] = np.maximum.accumulate(end)[:-1] > begin[1:]
    overlaps[:-1] |= begin[1:] < end[:-1]
    return caller, caller[overlaps], distinct(caller[overlaps], begin[overlaps] >> block.bits)[0]


def _conversations(block: Block) -> tuple[Integers, Integers, Nodes]:
    """Give begin and end with the callee, and the caller, of the calls that were talked, by callee and begin."""
    order, at = block.in_order
    rung, talked = (block.columns[name].to_numpy()[order] for name in ("rung", "talked"))
    held = np.flatnonzero(talked > 0)
    begin = (at + rung)[held]
    by_begin = np.argsort(begin, kind="stable")  # quick: by start they nearly are in order
    held, begin = held[by_begin], begin[by_begin]
    return begin, begin + talked[held], block.other[order[held]]


def _refiled(block: Block, soon: int) -> Nodes:
    """Give the callers of the refiled: compare each attempt with those just before and after it at the same callee."""
    order, at = block.in_order
    caller = block.other[order]
    follows = ~changes(at >> block.bits) & changes(caller)
    follows[1:] &= np.diff(at) <= soon
    return caller[touching(follows)]
