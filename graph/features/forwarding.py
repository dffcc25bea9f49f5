"""To whom a line forwards its calls, and whose calls come to a number that way."""

from __future__ import annotations

import ibis.expr.types as ir

from configs import FeatureSettings
from graph.calls import CallTables
from graph.features.joined import beside
from graph.features.ratio import ratio


def table(tables: CallTables, settings: FeatureSettings) -> ir.Table:  # noqa: ARG001 - every group has this signature
    """Give the group's features of every number, keyed by node."""
    forwards, pairs = tables.forwards, tables.pairs
    set_ = forwards.group_by(node=forwards.forwarder).agg(
        forward_targets=forwards.target.nunique(), forwarded_calls=forwards.count()
    )
    came = forwards.group_by(node=forwards.target).agg(
        forward_sources=forwards.forwarder.nunique(), came=forwards.count()
    )
    received = pairs.group_by(node=pairs.callee).agg(received=pairs.calls.sum())
    all_ = beside(tables.numbers.select("node"), set_, came, received)
    came_in = all_.came.fill_null(0)
    return all_.select(
        "node",
        "forward_targets",
        "forwarded_calls",
        "forward_sources",
        forwarded_in_share=ratio(came_in, came_in + all_.received.fill_null(0)),
    )
