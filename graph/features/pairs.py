"""What happens between a number and those it calls: answers, lasting contacts, hand-offs."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from configs import FeatureSettings
from graph.blocks import cuts
from graph.exact_sums import Integers, counts
from graph.features.columns import Floats
from graph.features.ratio import rounded_ratio
from graph.pair_arrays import NEVER, PairArrays, Talks
from graph.sorted_rows import in_time
from graph.windows import MINUTE

_CONVERSATION_MS = 20_000
_STABLE_MS = 600_000
_STABLE_CALLS = 10
_MOST_PAIRS = 1 << 22  # that are looked at together, but for a callee with more (bounds memory)


def mutual(pairs: PairArrays, talks: Talks, count: int) -> dict[str, Floats]:
    """Give reciprocity and stable_contacts of `count` callers."""
    there = np.flatnonzero(pairs.back >= 0)
    back, caller = pairs.back[there], pairs.caller[there]
    has_replied = talks.longest_ms[back] > _CONVERSATION_MS
    has_often_called = pairs.calls[there] + pairs.calls[back] > _STABLE_CALLS
    is_stable = has_often_called & (pairs.talk_ms[there] + pairs.talk_ms[back] > _STABLE_MS)
    return {
        "reciprocity": rounded_ratio(counts(caller[has_replied], count), counts(pairs.caller, count)),
        "stable_contacts": counts(caller[is_stable], count).astype(np.float64),
    }


def handoffs(pairs: PairArrays, talks: Talks, settings: FeatureSettings, count: int) -> dict[str, Floats]:
    """Look at each callee's first conversations with everybody, in order: is one soon followed by a long one?"""
    spoken_to, handed, taken = (np.zeros(count, dtype=np.int64) for _ in range(3))
    for rows in _of_callees(pairs, count):
        spoken = rows[talks.first_answered[rows] != NEVER]
        caller, callee, at = pairs.caller[spoken], pairs.callee[spoken], talks.first_answered[spoken]
        order = in_time(callee, at, caller)
        is_same = np.diff(callee[order]) == 0
        is_soon = np.diff(at[order]) <= settings.handoff_min * MINUTE
        is_long = talks.first_answered_s[spoken][order[1:]] >= settings.handoff_talk_s
        step = np.flatnonzero(is_same & is_soon & is_long)
        spoken_to += counts(caller, count)
        handed += counts(caller[order[step]], count)
        taken += counts(caller[order[step + 1]], count)
    return {"handoff_share": rounded_ratio(handed, spoken_to), "handoff_in_share": rounded_ratio(taken, spoken_to)}


def _of_callees(pairs: PairArrays, count: int) -> Iterator[Integers]:
    """Give the rows of some callees at a time, all of each."""
    callers = counts(pairs.callee, count)
    ends = np.cumsum(callers)
    for first, end in cuts(callers, _MOST_PAIRS):
        yield pairs.by_callee[ends[first] - callers[first] : ends[end - 1]]
