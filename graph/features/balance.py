"""What comes in against what goes out: pumped traffic, and calls from people who were never called."""

from __future__ import annotations

import ibis.expr.types as ir

from configs import FeatureSettings
from graph.calls import CallTables
from graph.features.joined import beside
from graph.features.ratio import ratio


def table(tables: CallTables, settings: FeatureSettings) -> ir.Table:  # noqa: ARG001 - every group has this signature
    """Give the group's features of every number, keyed by node."""
    pairs = tables.pairs
    made = pairs.group_by(node=pairs.caller).agg(made_ms=pairs.talk_ms.sum())
    all_ = beside(tables.numbers.select("node"), made, _got(pairs))
    return all_.select(
        "node",
        in_out_seconds_ratio=ratio(all_.got_ms.fill_null(0), all_.made_ms),
        uncalled_caller_share=ratio(all_.uncalled, all_.callers),
    )


def _got(pairs: ir.Table) -> ir.Table:
    back = pairs.view()
    both = pairs.left_join(back, (pairs.caller == back.callee) & (pairs.callee == back.caller)).select(
        node=pairs.callee, talk_ms=pairs.talk_ms, called=back.calls.notnull()
    )
    return both.group_by("node").agg(
        callers=both.count(), got_ms=both.talk_ms.sum(), uncalled=both.count(where=~both.called)
    )
