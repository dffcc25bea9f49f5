"""With which devices (IMEI) and SIMs (IMSI) a number calls, and who else calls with them."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from configs import FeatureSettings
from graph.calls import CallTables
from graph.features.joined import beside
from graph.features.ratio import ratio
from graph.windows import HOUR


def table(tables: CallTables, settings: FeatureSettings) -> ir.Table:  # noqa: ARG001 - every group has this signature
    """Give the group's features of every caller, keyed by node."""
    counts = own(tables.calls)
    device, sim = _changes(tables, counts, "imei", "device"), _changes(tables, counts, "imsi", "sim")
    all_ = beside(counts, _shared(tables), device, sim)
    return all_.select(
        "node",
        "devices",
        "sims",
        "imei_per_sim",
        "sims_per_imei",
        "numbers_per_imei",
        device_changes=ibis.cases((all_.devices.notnull(), all_.device_changes.fill_null(0))),
        sim_changes=ibis.cases((all_.sims.notnull(), all_.sim_changes.fill_null(0))),
        device_change_hours=_hours_until(tables, all_.device_changed),
        sim_change_hours=_hours_until(tables, all_.sim_changed),
    )


def own(calls: ir.Table) -> ir.Table:
    """Give devices and sims, how many different ones each caller used, null where none is on record; keyed by node."""
    return calls.group_by(node=calls.caller).agg(
        devices=calls.imei.nunique().nullif(0), sims=calls.imsi.nunique().nullif(0)
    )


def _shared(tables: CallTables) -> ir.Table:
    """Look at every device and SIM of a number: operators are kept apart, as their numbers are."""
    calls, numbers = tables.calls, tables.numbers
    known = calls.filter(calls.imei.notnull() | calls.imsi.notnull())
    used = known.select(known.caller, "imei", "imsi").distinct()
    used = used.join(numbers, used.caller == numbers.node).select("operator", "imei", "imsi", node=used.caller)
    device = used.filter(used.imei.notnull()).group_by("operator", "imei")
    device = device.agg(sims_per_imei=used.imsi.nunique(), numbers_per_imei=used.node.nunique())
    sim = used.filter(used.imsi.notnull()).group_by("operator", "imsi").agg(imei_per_sim=used.imei.nunique())
    with_both = used.left_join(device, ["operator", "imei"]).drop("operator_right", "imei_right")
    with_both = with_both.left_join(sim, ["operator", "imsi"])
    return with_both.group_by("node").agg(
        imei_per_sim=with_both.imei_per_sim.max().nullif(0),
        sims_per_imei=with_both.sims_per_imei.max().nullif(0),
        numbers_per_imei=with_both.numbers_per_imei.max(),
    )


def _changes(tables: CallTables, counts: ir.Table, column: str, name: str) -> ir.Table:
    """Compare consecutive calls with `column` on record, of those callers alone who used several."""
    several = counts.filter(counts[f"{name}s"] > 1).select("node")
    calls = tables.calls
    known = calls.filter(calls[column].notnull()).semi_join(several, calls.caller == several.node)
    order = ibis.window(group_by=known.caller, order_by=[known.started, known[column]])
    steps = known.select("started", node=known.caller, changed=known[column] != known[column].lag().over(order))
    return steps.group_by("node").agg(
        **{
            f"{name}_changes": steps.count(where=steps.changed),
            f"{name}_changed": steps.started.max(where=steps.changed),
        }
    )


def _hours_until(tables: CallTables, at: ir.IntegerValue) -> ir.FloatingValue:
    return ratio(ibis.literal(tables.window.end) - at, ibis.literal(HOUR))
