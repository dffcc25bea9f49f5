"""A day's calls in order, each distinguishable one once."""

from __future__ import annotations

import numpy as np

from ingest.simulator.calls import Calls
from ingest.simulator.randomness import BoolArray, IntArray


def in_order(calls: Calls, rows: IntArray) -> Calls:
    """Give some rows sorted by start, caller, callee and talk, without what an operator could not tell apart.

    Two records with the same numbers, start and duration are one record to whoever reads them. The calls must begin
    within some days: start and row are sorted as one 64-bit number, and only calls of one millisecond are looked at
    more closely.
    """
    if not len(rows):
        return calls.where(rows)
    order, started = _by_start(calls.started, rows)
    tied = _tied(started)
    among = order[tied]
    among = among[np.lexsort((calls.talk_ms[among], calls.callee[among], calls.caller[among], started[tied]))]
    order[tied] = among
    fresh = np.ones(len(order), dtype=np.bool_)
    fresh[np.flatnonzero(tied)[_repeats(calls, among)]] = False
    return calls.where(order if fresh.all() else order[fresh])


def _by_start(started: IntArray, rows: IntArray) -> tuple[IntArray, IntArray]:
    """Give rows by their start, and when each starts after the first."""
    bits = len(started).bit_length()
    key = started[rows]
    key -= key.min()
    key <<= bits
    key += rows
    key.sort()
    return key & ((1 << bits) - 1), key >> bits


def _tied(started: IntArray) -> BoolArray:
    same = started[1:] == started[:-1]
    tied = np.zeros(len(started), dtype=np.bool_)
    tied[1:] |= same
    tied[:-1] |= same
    return tied


def _repeats(calls: Calls, rows: IntArray) -> BoolArray:
    """Tell which of some rows, in order, are like the one before."""
    again = np.zeros(len(rows), dtype=np.bool_)
    same = np.ones(max(len(rows) - 1, 0), dtype=np.bool_)
    for column in (calls.started, calls.caller, calls.callee, calls.talk_ms):
        values = column[rows]
        same &= values[1:] == values[:-1]
    again[1:] = same
    return again
