"""Calls that meet other calls at the same callee: merged with one (a code that is read out), or refiled as another."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from configs import FeatureSettings
from graph.calls import CallTables
from graph.features.ratio import ratio
from graph.windows import SECOND


def table(tables: CallTables, settings: FeatureSettings) -> ir.Table:
    """Give the group's features of every caller of others, keyed by node."""
    refiled, overlaps = _refiled(tables.calls, settings), _overlaps(tables.calls)
    both = refiled.left_join(overlaps, "node")
    return both.select(
        "node",
        overlapped_callees=both.callees,
        overlap_share=ratio(both.overlapping, both.conversations),
        refiled_share=ratio(both.refiled, both.attempts),
    )


def _overlaps(calls: ir.Table) -> ir.Table:
    """Look at each callee's conversations in order: has an earlier one not ended, or does the next begin too soon?"""
    held = calls.filter((calls.talk_ms > 0) & (calls.caller != calls.callee))
    begin = held.started + held.ring_ms.fill_null(0) * 1000
    held = held.select("caller", "callee", begin=begin, end=begin + held.talk_ms * 1000)
    order = [held.begin, held.end, held.caller]
    before = ibis.window(group_by=held.callee, order_by=order, rows=(None, -1))
    earlier_end = held.end.max().over(before)
    next_begin = held.begin.lead().over(ibis.window(group_by=held.callee, order_by=order))
    met = held.select(
        "callee",
        node=held.caller,
        overlaps=(earlier_end > held.begin).fill_null(False) | (next_begin < held.end).fill_null(False),
    )
    return met.group_by("node").agg(
        conversations=met.count(),
        overlapping=met.count(where=met.overlaps),
        callees=met.callee.nunique(where=met.overlaps),
    )


def _refiled(calls: ir.Table, settings: FeatureSettings) -> ir.Table:
    """Compare each attempt with those just before and after it at the same callee."""
    others = calls.filter(calls.caller != calls.callee)
    order = ibis.window(group_by=others.callee, order_by=[others.started, others.caller])
    soon = settings.refile_s * SECOND
    before = (others.caller != others.caller.lag().over(order)) & (
        others.started - others.started.lag().over(order) <= soon
    )
    after = (others.caller != others.caller.lead().over(order)) & (
        others.started.lead().over(order) - others.started <= soon
    )
    steps = others.select(node=others.caller, refiled=before.fill_null(False) | after.fill_null(False))
    return steps.group_by("node").agg(attempts=steps.count(), refiled=steps.count(where=steps.refiled))
