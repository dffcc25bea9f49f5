"""How fast calls are answered: a route that answers for the called (false answer supervision) does it at once."""

from __future__ import annotations

import ibis.expr.types as ir

from configs import FeatureSettings
from graph.calls import CallTables
from graph.features.joined import beside
from graph.features.ratio import ratio

_INSTANT_MS = 1_000
_SHORT_MS = 6_000


def table(tables: CallTables, settings: FeatureSettings) -> ir.Table:  # noqa: ARG001 - every group has this signature
    """Give the group's features of every number, keyed by node."""
    both = beside(tables.numbers.select("node"), made(tables.calls), got(tables.calls))
    return both.select("node", "instant_answer_share", "instant_short_share", "received_instant_share")


def made(calls: ir.Table) -> ir.Table:
    """Give the shares among the calls that each caller made, keyed by node."""
    answered = calls.filter(calls.answered & calls.ring_ms.notnull())
    instant = answered.ring_ms <= _INSTANT_MS
    sums = answered.group_by(node=answered.caller).agg(
        rung=answered.count(),
        instant=answered.count(where=instant),
        short=answered.count(where=instant & (answered.talk_ms <= _SHORT_MS)),
    )
    return sums.select(
        "node", instant_answer_share=ratio(sums.instant, sums.rung), instant_short_share=ratio(sums.short, sums.rung)
    )


def got(calls: ir.Table) -> ir.Table:
    """Give the share among the calls that each callee received from others, keyed by node."""
    answered = calls.filter(calls.answered & calls.ring_ms.notnull() & (calls.caller != calls.callee))
    sums = answered.group_by(node=answered.callee).agg(
        rung=answered.count(), instant=answered.count(where=answered.ring_ms <= _INSTANT_MS)
    )
    return sums.select("node", received_instant_share=ratio(sums.instant, sums.rung))
