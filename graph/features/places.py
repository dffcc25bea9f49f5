"""Where a number calls from and to: regions as recorded, and what the digits themselves say."""

from __future__ import annotations

import ibis.expr.types as ir
import numpy as np

from configs import FeatureSettings
from graph.calls import CallTables
from graph.exact_sums import Integers, counts, highest, sums
from graph.features.columns import Floats
from graph.features.ratio import rounded_ratio
from graph.features.written import BLOCK, Written
from graph.pair_arrays import Contacts, NumberPairs
from graph.sorted_rows import changes, packed, unpacked

BY_DIGITS = ("neighbour_share", "international_share", "target_countries", "range_sweep")
_UNKNOWN = "unknown"


def table(tables: CallTables, settings: FeatureSettings) -> ir.Table:  # noqa: ARG001 - every group has this signature
    """Give what the recorded regions say of every caller, keyed by node."""
    calls = tables.calls
    origin, target = calls.origin_region, calls.target_region
    nowhere_from, nowhere_to = (tables.place(name, _UNKNOWN) for name in ("origin_region", "target_region"))
    return calls.group_by(node=calls.caller).agg(
        origin_regions=origin.nunique(where=origin != nowhere_from).nullif(0),
        target_regions=target.nunique(where=target != nowhere_to).nullif(0),
        unique_origin_regions=origin.nunique().nullif(0),
        unique_target_regions=target.nunique().nullif(0),
    )


def columns(pairs: NumberPairs, met: Contacts, of: Written, count: int) -> dict[str, Floats]:
    """Give what the digits say of `count` nodes.

    pairs: the numbers that are compared; met: whom each node called.
    """
    return {**_plan(pairs, of, count), "range_sweep": _sweep(met, of, count)}


def _plan(pairs: NumberPairs, of: Written, count: int) -> dict[str, Floats]:
    both = of.is_written[pairs.caller] & of.is_written[pairs.callee]
    node, caller, callee, calls = (column[both] for column in (pairs.node, pairs.caller, pairs.callee, pairs.calls))
    is_near, is_abroad = of.locality[caller] == of.locality[callee], of.code[caller] != of.code[callee]
    comparable = sums(node, calls, count)
    return {
        "neighbour_share": rounded_ratio(sums(node[is_near], calls[is_near], count), comparable),
        "international_share": rounded_ratio(sums(node[is_abroad], calls[is_abroad], count), comparable),
        "target_countries": np.where(comparable > 0, _kinds(packed(node, of.code[callee]), count), np.nan),
    }


def _kinds(keys: Integers, count: int) -> Integers:
    """Give how many different keys every node has; most follow their like already."""
    keys = np.sort(keys[changes(keys)], kind="stable")
    return counts(unpacked(keys[changes(keys)])[0], count)


def _sweep(met: Contacts, of: Written, count: int) -> Floats:
    dialled = of.is_written[met.other]
    keys = np.sort(packed(met.node[dialled], of.block[met.other[dialled]]), kind="stable")  # they nearly are
    starts = np.flatnonzero(changes(keys))
    swept = highest(unpacked(keys[starts])[0], np.diff(starts, append=len(keys)), count)
    return rounded_ratio(swept, np.where(swept > 0, BLOCK, 0))
