"""From how many places a number calls."""

from __future__ import annotations

import ibis.expr.types as ir

from configs import FeatureSettings
from graph.calls import CallTables
from graph.features.ratio import ratio
from graph.features.spread import spread


def table(tables: CallTables, settings: FeatureSettings) -> ir.Table:  # noqa: ARG001 - every group has this signature
    """Give the group's features of every caller with a cell on record, keyed by node."""
    over = spread(tables.calls, "cell")
    return over.select("node", cells=over.kinds, cell_entropy=over.bits, top_cell_share=ratio(over.most, over.total))
