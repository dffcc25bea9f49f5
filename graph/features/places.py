"""Where a number calls from and to: regions as recorded, and what the digits themselves say."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from configs import FeatureSettings
from graph.calls import CallTables
from graph.features.ratio import ratio

_UNKNOWN = "unknown"
_BLOCK = 1_000


def table(tables: CallTables, settings: FeatureSettings) -> ir.Table:  # noqa: ARG001 - every group has this signature
    """Give the group's features of every caller, keyed by node."""
    pairs = tables.pairs.mutate(node=tables.pairs.caller)
    return shares(tables, pairs, pairs, tables.numbers)


def shares(tables: CallTables, pairs: ir.Table, met: ir.Table, numbers: ir.Table) -> ir.Table:
    """Give the group's features of the callers of the calls of `tables`, keyed by node.

    pairs: node, caller, callee, calls, with the numbers whose digits are compared; met: node and callee, each once.
    """
    regions, plan, sweep = _regions(tables), _plan(pairs, _written(numbers)), _sweep(met, _written(numbers))
    all_ = regions.left_join(plan, "node").left_join(sweep, "node")
    return all_.select(
        "node",
        "origin_regions",
        "target_regions",
        "unique_origin_regions",
        "unique_target_regions",
        neighbour_share=ratio(all_.near, all_.comparable),
        international_share=ratio(all_.abroad, all_.comparable),
        target_countries=all_.countries,
        range_sweep=ratio(all_.swept, ibis.literal(_BLOCK)),
    )


def _regions(tables: CallTables) -> ir.Table:
    calls = tables.calls
    origin, target = calls.origin_region, calls.target_region
    nowhere_from, nowhere_to = (tables.place(name, _UNKNOWN) for name in ("origin_region", "target_region"))
    return calls.group_by(node=calls.caller).agg(
        origin_regions=origin.nunique(where=origin != nowhere_from).nullif(0),
        target_regions=target.nunique(where=target != nowhere_to).nullif(0),
        unique_origin_regions=origin.nunique().nullif(0),
        unique_target_regions=target.nunique().nullif(0),
    )


def _plan(pairs: ir.Table, written: ir.Table) -> ir.Table:
    a, b = written.view(), written.view()
    plan = (
        pairs.join(a, pairs.caller == a.node)
        .join(b, pairs.callee == b.node)
        .select(pairs.calls, pairs.node, near=a.locality == b.locality, abroad=a.code != b.code, code=b.code)
    )
    return plan.group_by("node").agg(
        comparable=plan.calls.sum(),
        near=plan.calls.sum(where=plan.near).fill_null(0),
        abroad=plan.calls.sum(where=plan.abroad).fill_null(0),
        countries=plan.code.nunique(),
    )


def _sweep(met: ir.Table, written: ir.Table) -> ir.Table:
    dialled = met.join(written, met.callee == written.node).select(met.node, block=written.digits // _BLOCK)
    blocks = dialled.group_by("node", "block").agg(met=dialled.count())
    return blocks.group_by("node").agg(swept=blocks.met.max())


def _written(numbers: ir.Table) -> ir.Table:
    return numbers.filter(numbers.digits.notnull()).select("node", "digits", "code", "locality")
