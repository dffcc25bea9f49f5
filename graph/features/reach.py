"""How many others a number calls, and how many call it; a call to itself counts for neither."""

from __future__ import annotations

import ibis.expr.types as ir

from configs import FeatureSettings
from graph.calls import CallTables
from graph.features.ratio import ratio, seconds


def table(tables: CallTables, settings: FeatureSettings) -> ir.Table:  # noqa: ARG001 - every group has this signature
    """Give the group's features of every number, keyed by node."""
    made, got = _made(tables.pairs), _got(tables.pairs)
    both = tables.numbers.left_join(made, "node").left_join(got, "node")
    both = both.select("node", *made.columns[1:], *got.columns[1:])
    received = both.received.fill_null(0)
    return both.select(
        "node",
        "callees",
        "callers",
        "received",
        fanout=ratio(both.callees, both.made),
        repeat_share=ratio(both.repeated, both.callees),
        top_callee_share=ratio(both.most, both.made),
        received_asr=ratio(both.received_answered, both.received),
        received_acd=ratio(both.received_ms, both.received_answered * 1000),
        received_seconds=seconds(both.received_ms),
        in_out_ratio=ratio(received, both.made),
    )


def _made(pairs: ir.Table) -> ir.Table:
    return pairs.group_by(node=pairs.caller).agg(
        callees=pairs.count(),
        made=pairs.calls.sum(),
        repeated=pairs.count(where=pairs.calls > 1),
        most=pairs.calls.max(),
    )


def _got(pairs: ir.Table) -> ir.Table:
    return pairs.group_by(node=pairs.callee).agg(
        callers=pairs.count(),
        received=pairs.calls.sum(),
        received_answered=pairs.answered.sum(),
        received_ms=pairs.talk_ms.sum(),
    )
