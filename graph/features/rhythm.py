"""When a number calls, and how evenly: array code on the calls of each caller in order."""

from __future__ import annotations

from dataclasses import dataclass

import ibis.expr.types as ir
import numpy as np
import numpy.typing as npt

from graph.call_blocks import Block
from graph.features.ratio import rounded_ratio
from graph.sorted_rows import changes, distinct, run_sums
from graph.windows import HOUR

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Nodes = npt.NDArray[np.int32]
UNKNOWN = -1  # in the place of digits
_FLAGS = ("night", "offhours", "weekend")
_LONGEST_GAP = 1 << 31  # 6.8 years: its square fits into 63 bits
_TENTH_OF_SECOND = 100_000  # gaps are counted in these, so that sums of their squares stay whole numbers
_HALF_BITS = 32
_WIDE = 2.0**62  # what is estimated to lie above it is computed in whole numbers of any size


@dataclass(frozen=True)
class _Ordered:
    """The calls of a block by caller, start and callee."""

    attempts: Integers  # by node
    node: Integers
    placed: Integers  # node and start
    started: Integers  # µs since 1970
    callee: Nodes
    day: Integers


def read(calls: ir.Table) -> dict[str, ir.Value]:
    """Give what is looked at of calls; local time may lie in the day before 1970."""
    return {"day": calls.day + 1, **{name: calls[name] for name in _FLAGS}}


def columns(block: Block, digits: Integers) -> dict[str, Floats]:
    """Give the group's features of the callers of a block, NaN = null.

    digits: of every callee's number, else UNKNOWN.
    """
    ordered = _ordered(block)
    hours, peak = _hours(ordered)
    night, offhours, weekend = (_share(block, name, ordered.attempts) for name in _FLAGS)
    return {
        "active_hours": hours.astype(np.float64),
        "active_days": _days(ordered).astype(np.float64),
        "peak_hour_attempts": peak.astype(np.float64),
        "night_share": night,
        "night_call_ratio": night,
        "offhours_share": offhours,
        "weekend_share": weekend,
        "attempts_per_active_hour": rounded_ratio(ordered.attempts, hours),
        "gap_cv": _variation(ordered),
        "sequential_share": _sequential(ordered, digits),
    }


def _ordered(block: Block) -> _Ordered:
    order, placed = block.in_order
    attempts = np.bincount(block.node, minlength=block.count)
    day = block.columns["day"].to_numpy()[order]
    return _Ordered(
        attempts, placed >> block.bits, placed, block.instant(placed) + block.start, block.other[order], day
    )


def _share(block: Block, flag: str, attempts: Integers) -> Floats:
    return rounded_ratio(np.bincount(block.node[block.columns[flag].to_numpy()], minlength=block.count), attempts)


def _hours(ordered: _Ordered) -> tuple[Integers, Integers]:
    """Give in how many hours each node calls, and its attempts in the fullest one."""
    starts = np.flatnonzero(changes(ordered.started // HOUR) | changes(ordered.node))
    attempts, node = np.diff(starts, append=len(ordered.node)), ordered.node[starts]
    peak = np.zeros(len(ordered.attempts), dtype=np.int64)
    np.maximum.at(peak, node, attempts)
    return np.bincount(node, minlength=len(peak)), peak


def _days(ordered: _Ordered) -> Integers:
    """Give on how many days each node calls; days of several zones may take turns."""
    steps = changes(ordered.day) | changes(ordered.node)
    return np.bincount(distinct(ordered.node[steps], ordered.day[steps])[0], minlength=len(ordered.attempts))


def _variation(ordered: _Ordered) -> Floats:
    """Give standard deviation / mean of the gaps between a node's calls: of whole numbers until the last step."""
    gap = np.minimum(np.diff(ordered.placed)[_goes_on(ordered)] // _TENTH_OF_SECOND, _LONGEST_GAP)
    gaps = np.maximum(ordered.attempts - 1, 0)
    total, square = run_sums(gap, gaps), gap * gap
    high, low = run_sums(square >> _HALF_BITS, gaps), run_sums(square & ((1 << _HALF_BITS) - 1), gaps)
    spread = np.sqrt(_spread(gaps, total, high, low))
    return np.where(gaps >= 2, rounded_ratio(spread, total), np.nan)


def _spread(gaps: Integers, total: Integers, high: Integers, low: Integers) -> Floats:
    """Give gaps * squares - total²; the sum of squares is high * 2^32 + low."""
    spread: Floats = (gaps * ((high << _HALF_BITS) + low) - total * total).astype(np.float64)
    wide = gaps * (high * 2.0**_HALF_BITS + low) > _WIDE
    gaps, total, high, low = (part[wide].astype(object) for part in (gaps, total, high, low))
    spread[wide] = (gaps * ((high << _HALF_BITS) + low) - total * total).astype(np.float64)
    return spread


def _sequential(ordered: _Ordered, digits: Integers) -> Floats:
    """Give the share of steps to a callee with digits close by, among those between callees whose digits are known."""
    called = digits[ordered.callee]
    known = called != UNKNOWN
    comparable = _goes_on(ordered) & known[1:] & known[:-1]
    step, node = np.abs(np.diff(called)[comparable]), ordered.node[1:][comparable]
    count = len(ordered.attempts)
    close = np.bincount(node[(step >= 1) & (step <= 10)], minlength=count)
    return rounded_ratio(close, np.bincount(node, minlength=count))


def _goes_on(ordered: _Ordered) -> npt.NDArray[np.bool_]:
    """Tell of every call but the last whether the next one is of the same node."""
    return ~changes(ordered.node)[1:]
