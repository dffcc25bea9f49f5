"""Parts of a group laid beside each other."""

from __future__ import annotations

import ibis.expr.types as ir


def beside(nodes: ir.Table, *parts: ir.Table) -> ir.Table:
    """Give `nodes` with the columns of every part, null where a part has no row of the node; all are keyed by node."""
    for part in parts:
        nodes = nodes.left_join(part, "node").drop("node_right")
    return nodes
