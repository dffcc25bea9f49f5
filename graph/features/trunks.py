"""By which trunks the calls of a number come in, and by which they leave."""

from __future__ import annotations

import ibis.expr.types as ir

from configs import FeatureSettings
from graph.calls import CallTables
from graph.features.ratio import ratio
from graph.features.spread import spread


def table(tables: CallTables, settings: FeatureSettings) -> ir.Table:  # noqa: ARG001 - every group has this signature
    """Give the group's features of every caller, keyed by node."""
    calls = tables.calls
    out = calls.group_by(node=calls.caller).agg(trunks_out=calls.trunk_out.nunique().nullif(0))
    both = out.left_join(spread(calls, "trunk_in"), "node")
    return both.select(
        "node",
        "trunks_out",
        trunks_in=both.kinds,
        trunk_entropy=both.bits,
        top_trunk_share=ratio(both.most, both.total),
    )
