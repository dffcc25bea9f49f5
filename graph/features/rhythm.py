"""When a number calls, and how evenly."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from configs import FeatureSettings
from graph.calls import CallTables
from graph.features.ratio import DECIMALS, ratio

_WIDE = "decimal(38, 0)"
_LONGEST_GAP = 1 << 31  # 6.8 years: its square fits into 63 bits
_TENTH_OF_SECOND = 100_000  # gaps are counted in these, so that sums of their squares stay whole numbers


def table(tables: CallTables, settings: FeatureSettings) -> ir.Table:  # noqa: ARG001 - every group has this signature
    """Give the group's features of every caller, keyed by node."""
    clock, hours, gaps = _clock(tables.calls), _hours(tables.calls), _gaps(tables.calls)
    all_ = clock.join(hours, "node").left_join(gaps, "node")
    return all_.select(
        "node",
        "active_hours",
        "active_days",
        "peak_hour_attempts",
        night_share=ratio(all_.night, all_.attempts),
        night_call_ratio=ratio(all_.night, all_.attempts),
        offhours_share=ratio(all_.offhours, all_.attempts),
        weekend_share=ratio(all_.weekend, all_.attempts),
        attempts_per_active_hour=ratio(all_.attempts, all_.active_hours),
        gap_cv=_variation(all_),
        sequential_share=ratio(all_.sequential, all_.comparable),
    )


def _clock(calls: ir.Table) -> ir.Table:
    return calls.group_by(node=calls.caller).agg(
        attempts=calls.count(),
        night=calls.count(where=calls.night),
        offhours=calls.count(where=calls.offhours),
        weekend=calls.count(where=calls.weekend),
        active_days=calls.day.nunique(),
    )


def _hours(calls: ir.Table) -> ir.Table:
    hours = calls.group_by("caller", "hour").agg(attempts=calls.count())
    return hours.group_by(node=hours.caller).agg(active_hours=hours.count(), peak_hour_attempts=hours.attempts.max())


def _gaps(calls: ir.Table) -> ir.Table:
    order = ibis.window(group_by=calls.caller, order_by=[calls.started, calls.callee])
    steps = calls.select(
        node=calls.caller,
        gap=((calls.started - calls.started.lag().over(order)) // _TENTH_OF_SECOND).clip(upper=_LONGEST_GAP),
        step=(calls.callee_digits - calls.callee_digits.lag().over(order)).abs(),
    )
    return steps.group_by("node").agg(
        gaps=steps.gap.count(),
        gap_sum=steps.gap.sum(),
        gap_squares=(steps.gap * steps.gap).sum(),
        comparable=steps.step.count(),
        sequential=steps.count(where=(steps.step >= 1) & (steps.step <= 10)),
    )


def _variation(sums: ir.Table) -> ir.FloatingValue:
    """Give standard deviation / mean: of whole numbers (in 128 bits, on every engine) until the last step."""
    gaps, squares, total = (sums[name].cast(_WIDE) for name in ("gaps", "gap_squares", "gap_sum"))
    spread = (gaps * squares - total * total).cast("float64").sqrt()
    enough = (sums.gaps >= 2) & (sums.gap_sum > 0)
    return ibis.cases((enough, (spread / sums.gap_sum.cast("float64")).round(DECIMALS)))
