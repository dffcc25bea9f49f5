"""Who is called back, and how soon that conversation is over: each missed attempt with the next call of the two."""

from __future__ import annotations

from collections.abc import Iterator

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa

from configs import FeatureSettings
from graph.blocks import cuts
from graph.exact_sums import Integers, counts, sums
from graph.features.columns import Floats
from graph.features.ratio import rounded_ratio
from graph.pair_arrays import Bools, PairArrays
from graph.query_engine import QueryEngine
from graph.sorted_rows import changes, in_time, packed
from graph.windows import HOUR

_NODES = 1 << 32  # both ends of a pair as one number, as `packed` gives: half the cost of joining by two
_MOST_CALLS = 1 << 23  # that are looked at together, but for two who had more (bounds memory)


def columns(
    engine: QueryEngine, calls: ir.Table, pairs: PairArrays, settings: FeatureSettings, count: int
) -> dict[str, Floats]:
    """Give callback_rate and callback_seconds of `count` callers.

    Only two who called each other, of whom one missed a call of the other's, can have a call-back.
    """
    missed = pairs.calls > pairs.answered
    called_back, backs, back_ms = (np.zeros(count, dtype=np.int64) for _ in range(3))
    for up in _blocks(pairs, missed):
        pair, talk_ms = _backs(_between(engine, calls, pairs, up), pairs, up, settings)
        met = np.sort(pair)
        called_back += counts(pairs.caller[met[changes(met)]], count)
        backs += counts(pairs.caller[pair], count)
        back_ms += sums(pairs.caller[pair], talk_ms, count)
    return {
        "callback_rate": rounded_ratio(called_back, counts(pairs.caller[missed], count)),
        "callback_seconds": rounded_ratio(back_ms, backs * 1000),
    }


def _blocks(pairs: PairArrays, missed: Bools) -> Iterator[Integers]:
    """Give those pairs from the lower node to the higher of which either way has a missed call, some at a time."""
    up = np.flatnonzero((pairs.back >= 0) & (missed | missed[pairs.back]) & (pairs.caller < pairs.callee))
    for first, end in cuts(pairs.calls[up] + pairs.calls[pairs.back[up]], _MOST_CALLS):
        yield up[first:end]


def _between(engine: QueryEngine, calls: ir.Table, pairs: PairArrays, up: Integers) -> pa.Table:
    """Give the calls of both directions between the ends of the pairs `up`: place in `up`, is_up, started …"""
    keys = packed(pairs.caller[up], pairs.callee[up])
    ends = engine.give("callback_ends", pa.table({"ends": keys, "place": np.arange(len(up))}))
    low, high = ibis.least(calls.caller, calls.callee), ibis.greatest(calls.caller, calls.callee)
    return engine.fetch(
        calls.join(ends, low.cast(dt.int64) * _NODES + high == ends.ends).select(
            "place", "started", "answered", "talk_ms", is_up=calls.caller < calls.callee
        )
    )


def _backs(calls: pa.Table, pairs: PairArrays, up: Integers, settings: FeatureSettings) -> tuple[Integers, Integers]:
    """Give of each call-back the pair whose caller missed the other, and how long was talked."""
    place, at, is_answered, talk_ms, is_up = (
        calls[name].to_numpy() for name in ("place", "started", "answered", "talk_ms", "is_up")
    )
    order = in_time(place, at, ~is_up, is_answered, talk_ms)  # what ties are left differ in nothing
    place, at, is_answered, talk_ms, is_up = (column[order] for column in (place, at, is_answered, talk_ms, is_up))
    is_other_way = (np.diff(place) == 0) & (is_up[1:] != is_up[:-1])
    is_soon = np.diff(at) <= settings.callback_h * HOUR
    back = np.flatnonzero(is_other_way & is_soon & ~is_answered[:-1])
    missed = up[place[back]]
    return np.where(is_up[back], missed, pairs.back[missed]), talk_ms[back + 1]
