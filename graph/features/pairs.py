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
    mutual, backs = _mutual(tables.pairs), _call_backs(tables.calls, settings)
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


def _call_backs(calls: ir.Table, settings: FeatureSettings) -> ir.Table:
    """Follow each missed attempt to the next call between the same two, whichever way it goes."""
    others = calls.filter(calls.caller != calls.callee)
    low, high = ibis.least(others.caller, others.callee), ibis.greatest(others.caller, others.callee)
    order = ibis.window(group_by=[low, high], order_by=others.ordinal)
    follows = others.select(
        "caller",
        "callee",
        missed=~others.answered,
        wait=others.started.lead().over(order) - others.started,
        next_caller=others.caller.lead().over(order),
        next_ms=others.talk_ms.lead().over(order),
    )
    is_back = follows.missed & (follows.next_caller == follows.callee) & (follows.wait <= settings.callback_h * HOUR)
    met = follows.group_by("caller", "callee").agg(
        missed=follows.missed.any(), backs=follows.count(where=is_back), back_ms=follows.next_ms.sum(where=is_back)
    )
    return met.group_by(node=met.caller).agg(
        missed=met.count(where=met.missed),
        called_back=met.count(where=met.backs > 0),
        backs=met.backs.sum(),
        back_ms=met.back_ms.sum(),
    )


def _handoffs(pairs: ir.Table, settings: FeatureSettings) -> ir.Table:
    """Look at each callee's first conversations with everybody, in order: is one soon followed by a long one?"""
    spoken = pairs.filter(pairs.first_answered.notnull())
    order = ibis.window(group_by=spoken.callee, order_by=spoken.first_answered_ordinal)
    at, talk_ms = spoken.first_answered, spoken.first_answered_ms
    soon, long_ms = settings.handoff_min * MINUTE, settings.handoff_talk_s * 1000
    handed_on = (at.lead().over(order) - at <= soon) & (talk_ms.lead().over(order) >= long_ms)
    taken_over = (at - at.lag().over(order) <= soon) & (talk_ms >= long_ms)
    steps = spoken.select(node=spoken.caller, handed_on=handed_on, taken_over=taken_over)
    return steps.group_by("node").agg(
        spoken_to=steps.count(),
        handed_on=steps.count(where=steps.handed_on),
        taken_over=steps.count(where=steps.taken_over),
    )
