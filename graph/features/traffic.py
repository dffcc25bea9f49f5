"""How much a number calls, and how its attempts end."""

from __future__ import annotations

import ibis.expr.types as ir

from configs import FeatureSettings
from graph.calls import CallTables
from graph.features.ratio import ratio, seconds


def table(tables: CallTables, settings: FeatureSettings) -> ir.Table:  # noqa: ARG001 - every group has this signature
    """Give the group's features of every caller, keyed by node."""
    sums = _sums(tables.calls)
    return sums.select(
        "node",
        attempts=sums.attempts,
        total_calls=sums.attempts,
        answered=sums.answered,
        asr=ratio(sums.answered, sums.attempts),
        seconds=seconds(sums.talk_ms),
        acd=ratio(sums.answered_ms, sums.answered * 1000),
        avg_call_duration=ratio(sums.talk_ms, sums.attempts * 1000),
        longest_seconds=seconds(sums.longest_ms),
        short6_share=ratio(sums.short6, sums.answered),
        short20_share=ratio(sums.short20, sums.answered),
        short60_share=ratio(sums.short60, sums.answered),
        long120_share=ratio(sums.long120, sums.answered),
        long600_share=ratio(sums.long600, sums.answered),
        zero_share=ratio(sums.zero, sums.attempts),
        ring_seconds=ratio(sums.ring_ms, sums.rung * 1000),
        ring3_share=ratio(sums.ring3, sums.rung),
    )


def _sums(calls: ir.Table) -> ir.Table:
    answered, talk, ring = calls.answered, calls.talk_ms, calls.ring_ms
    return calls.group_by(node=calls.caller).agg(
        attempts=calls.count(),
        answered=calls.count(where=answered),
        talk_ms=talk.sum(),
        answered_ms=talk.sum(where=answered),
        longest_ms=talk.max(),
        short6=calls.count(where=answered & (talk <= 6_000)),
        short20=calls.count(where=answered & (talk < 20_000)),
        short60=calls.count(where=answered & (talk < 60_000)),
        long120=calls.count(where=answered & (talk >= 120_000)),
        long600=calls.count(where=answered & (talk >= 600_000)),
        zero=calls.count(where=talk == 0),
        ring_ms=ring.sum(),
        rung=ring.count(),
        ring3=calls.count(where=~answered & (ring <= 3_000)),
    )
