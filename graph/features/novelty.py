"""What is new about a number: itself, or those it calls."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from configs import FeatureSettings
from graph.calls import CallTables
from graph.features.joined import beside
from graph.features.ratio import ratio
from graph.windows import DAY, HOUR


def table(tables: CallTables, settings: FeatureSettings) -> ir.Table:
    """Give the group's features of every number, keyed by node."""
    pairs, numbers, end = tables.pairs, tables.numbers, tables.window.end
    is_new = pairs.first_seen >= end - settings.new_callee_h * HOUR
    met = pairs.group_by(node=pairs.caller).agg(callees=pairs.count(), new=pairs.count(where=is_new))
    both = beside(numbers.select("node", "first_seen"), met)
    return both.select(
        "node",
        age_days=ratio(ibis.literal(end) - both.first_seen, ibis.literal(DAY)),
        new_callee_share=ratio(both.new, both.callees),
    )
