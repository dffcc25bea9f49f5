"""To whom a line forwards its calls, and whose calls come to a number that way."""

from __future__ import annotations

import ibis.expr.types as ir
import numpy as np

from graph.exact_sums import Integers, counts, sums
from graph.features.columns import Floats
from graph.features.ratio import rounded_ratio
from graph.query_engine import QueryEngine


def columns(engine: QueryEngine, forwards: ir.Table, received: Integers) -> dict[str, Floats]:
    """Give the group's features of every number; received [numbers]: calls from others."""
    count = len(received)
    found = engine.fetch(forwards.group_by("forwarder", "target").agg(calls=forwards.count()))
    forwarder, target, calls = (found[name].to_numpy() for name in ("forwarder", "target", "calls"))
    came = sums(target, calls, count)
    return {
        "forward_targets": counts(forwarder, count).astype(np.float64),
        "forwarded_calls": sums(forwarder, calls, count).astype(np.float64),
        "forward_sources": counts(target, count).astype(np.float64),
        "forwarded_in_share": rounded_ratio(came, came + received),
    }
