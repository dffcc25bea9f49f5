"""What happens between a number and those it calls: answers, call-backs, hand-offs, lasting contacts."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from configs import FeatureSettings
from graph.calls import CallTables
from graph.features.ratio import ratio
from graph.windows import HOUR, MINUTE

_CONVERSATION_MS = 20_000
_STABLE_MS = 600_000
_STABLE_CALLS = 10


def table(tables: CallTables, settings: FeatureSettings) -> ir.Table:
    """Give the group's features of every caller of others, keyed by node."""
    mutual, backs = _mutual(tables.pairs), _call_backs(tables, settings)
    handoffs = _handoffs(tables.pairs, settings)
    all_ = mutual.left_join(backs, "node").left_join(handoffs, "node")
    return all_.select(
        "node",
        "stable_contacts",
        reciprocity=ratio(all_.replied, all_.callees),
        callback_rate=ratio(all_.called_back, all_.missed),
        callback_seconds=ratio(all_.back_ms, all_.backs * 1000),
        handoff_share=ratio(all_.handed_on, all_.spoken_to),
        handoff_in_share=ratio(all_.taken_over, all_.spoken_to),
    )


def _mutual(pairs: ir.Table) -> ir.Table:
    back = pairs.view()
    both = pairs.left_join(back, (pairs.caller == back.callee) & (pairs.callee == back.caller)).select(
        node=pairs.caller,
        replied=(back.longest_ms > _CONVERSATION_MS).fill_null(False),
        calls=pairs.calls + back.calls,  # null where nobody calls back
        talk_ms=pairs.talk_ms + back.talk_ms,
    )
    return both.group_by("node").agg(
        callees=both.count(),
        replied=both.count(where=both.replied),
        stable_contacts=both.count(where=(both.calls > _STABLE_CALLS) & (both.talk_ms > _STABLE_MS)),
    )


def _call_backs(tables: CallTables, settings: FeatureSettings) -> ir.Table:
    """Follow each missed attempt to the next call between the same two, whichever way it goes."""
    pairs, calls = tables.pairs, tables.calls
    missed = pairs.filter(pairs.calls > pairs.answered)
    back = pairs.view()
    mutual = missed.semi_join(back, (missed.caller == back.callee) & (missed.callee == back.caller))
    others = _between(calls, mutual)
    low, high = ibis.least(others.caller, others.callee), ibis.greatest(others.caller, others.callee)
    # What ties there are differ in nothing that is looked at.
    order = ibis.window(group_by=[low, high], order_by=[others.started, others.caller, others.answered, others.talk_ms])
    follows = others.select(
        "caller",
        "callee",
        missed=~others.answered,
        wait=others.started.lead().over(order) - others.started,
        next_caller=others.caller.lead().over(order),
        next_ms=others.talk_ms.lead().over(order),
    )
    is_back = follows.missed & (follows.next_caller == follows.callee) & (follows.wait <= settings.callback_h * HOUR)
    backs = follows.filter(is_back)
    met = backs.group_by("caller", "callee").agg(backs=backs.count(), back_ms=backs.next_ms.sum())
    called_back = met.group_by(node=met.caller).agg(
        called_back=met.count(), backs=met.backs.sum(), back_ms=met.back_ms.sum()
    )
    counts = missed.group_by(node=missed.caller).agg(missed=missed.count())
    all_ = counts.left_join(called_back, "node")
    return all_.select("node", "missed", "backs", "back_ms", called_back=all_.called_back.fill_null(0))


def _between(calls: ir.Table, pairs: ir.Table) -> ir.Table:
    """Give the calls of both directions between the ends of `pairs`."""
    ends = pairs.select(low=ibis.least(pairs.caller, pairs.callee), high=ibis.greatest(pairs.caller, pairs.callee))
    ends = ends.distinct()
    low, high = ibis.least(calls.caller, calls.callee), ibis.greatest(calls.caller, calls.callee)
    return calls.semi_join(ends, (low == ends.low) & (high == ends.high))


def _handoffs(pairs: ir.Table, settings: FeatureSettings) -> ir.Table:
    """Look at each callee's first conversations with everybody, in order: is one soon followed by a long one?"""
    spoken = pairs.filter(pairs.first_answered.notnull())
    order = ibis.window(group_by=spoken.callee, order_by=[spoken.first_answered, spoken.caller])
    at, talk_s = spoken.first_answered, spoken.first_answered_s
    soon, long_s = settings.handoff_min * MINUTE, settings.handoff_talk_s
    handed_on = (at.lead().over(order) - at <= soon) & (talk_s.lead().over(order) >= long_s)
    taken_over = (at - at.lag().over(order) <= soon) & (talk_s >= long_s)
    steps = spoken.select(node=spoken.caller, handed_on=handed_on, taken_over=taken_over)
    return steps.group_by("node").agg(
        spoken_to=steps.count(),
        handed_on=steps.count(where=steps.handed_on),
        taken_over=steps.count(where=steps.taken_over),
    )
