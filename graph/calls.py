"""The window's calls on whole numbers: every text is looked up once, everything after works on integers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import ibis
import ibis.expr.types as ir

from configs import FeatureSettings
from graph import plan
from graph.engine import Engine
from graph.windows import DAY, HOUR, Window
from graph.zones import offset_spans
from ingest.cdr import CALL_SCHEMA
from ingest.erased.erased import SIDES
from ingest.values.numbers import WITHHELD

KIND = "voice"  # messages and forwardings are other things than attempts; they are counted, not analysed
_SATURDAY = 5
_MOST_IN_HOUR = 1 << 32


@dataclass(frozen=True)
class CallTables:
    """What features, edges and link keys are computed from.

    numbers: node, operator, number, kind, first_seen, last_seen and, for E.164 numbers only, digits, code (country
    calling code) and locality. calls: one row an attempt, with both nodes and `ordinal`, its place in the order by
    (started, callee, call_key). pairs: one row an ordered pair of different nodes.
    """

    numbers: ir.Table
    calls: ir.Table
    pairs: ir.Table


def window_records(engine: Engine, paths: Sequence[Path], window: Window, left_out: Sequence[str] = ()) -> ir.Table:
    """Give the records in the lake's segments `paths` that started within `window`, whatever their kind.

    Those with a number that is `left_out` on any side are not among them.
    """
    lake = engine.scan("lake", paths, CALL_SCHEMA)
    records = lake.filter((lake.started >= window.start) & (lake.started < window.end))
    if not left_out:
        return records
    return records.filter([~records[side].fill_null("").isin(left_out) for side in SIDES])


def attempts(records: ir.Table) -> ir.Table:
    """Give the records that are attempts to talk, of callers that are shown.

    Withheld callers are many people under one text: as one number they would call more than anybody, and tie together
    all whom they call.
    """
    return records.filter((records.kind == KIND) & (records.caller_kind != WITHHELD))


def other_kinds(engine: Engine, records: ir.Table) -> dict[str, int]:
    """Give how many records are no attempts, by kind; `withheld` are voice calls of withheld callers."""
    is_withheld = (records.kind == KIND) & (records.caller_kind == WITHHELD)
    kinds = records.select(kind=ibis.cases((is_withheld, WITHHELD), else_=records.kind))
    left = kinds.filter(kinds.kind != KIND)
    rows = engine.fetch(left.group_by("kind").agg(rows=left.count()).order_by("kind"))
    return dict(zip(rows["kind"].to_pylist(), rows["rows"].to_pylist(), strict=True))


def call_tables(engine: Engine, voice: ir.Table, window: Window, settings: FeatureSettings) -> CallTables:
    """Compute and keep the tables of a window; `voice` are its attempts in the lake's columns."""
    numbers = engine.save("numbers", _numbers(voice))
    zones = engine.fetch(voice.select("zone").distinct())["zone"].to_pylist()
    offsets = engine.give("offsets", offset_spans(zones, window))
    calls = engine.save("calls", _calls(voice, numbers, offsets, settings))
    return CallTables(numbers, calls, engine.save("pairs", _pairs(calls)))


def _numbers(voice: ir.Table) -> ir.Table:
    callers = voice.select("operator", "started", number=voice.caller, kind=voice.caller_kind)
    callees = voice.select("operator", "started", number=voice.callee, kind=ibis.null("string"))
    sides = ibis.union(callers, callees)
    seen = sides.group_by("operator", "number").agg(
        kind=sides.kind.max(), first_seen=sides.started.min(), last_seen=sides.started.max()
    )
    opaque = voice.group_by("operator").agg(is_opaque=(voice.caller_kind == "opaque").any())
    known = seen.join(opaque, "operator")
    known = known.mutate(kind=known.kind.fill_null(_kind(known)))
    written = ibis.cases((known.kind.isin(("e164", "service")), known.number))
    order = ibis.window(order_by=[known.operator, known.number])
    return known.select(
        "operator",
        "number",
        "kind",
        "first_seen",
        "last_seen",
        node=ibis.row_number().over(order).cast("int32"),
        digits=plan.digits(written),
        code=plan.calling_code(written),
        locality=plan.locality(written),
    )


def _kind(known: ir.Table) -> ir.StringValue:
    """Give the kind of a number that only received: the record states it for callers alone."""
    return ibis.cases((known.is_opaque, "opaque"), (known.number.startswith("+"), "e164"), else_="short")


def _calls(voice: ir.Table, numbers: ir.Table, offsets: ir.Table, settings: FeatureSettings) -> ir.Table:
    a, b = numbers.view(), numbers.view()
    joined = (
        voice.join(a, (voice.operator == a.operator) & (voice.caller == a.number))
        .join(b, (voice.operator == b.operator) & (voice.callee == b.number))
        .join(
            offsets,
            (voice.zone == offsets.zone) & (voice.started >= offsets.since) & (voice.started < offsets.until),
        )
        .select(
            voice.started,
            voice.talk_ms,
            voice.ring_ms,
            voice.origin_region,
            voice.target_region,
            voice.call_key,
            caller=a.node,
            callee=b.node,
            callee_digits=b.digits,
            answered=voice.answered.fill_null(voice.talk_ms > 0),
            local=voice.started + offsets.offset,
        )
    )
    in_hour = ibis.window(
        group_by=joined.started // HOUR, order_by=[joined.started, joined.callee, joined.call_key]
    )  # a sort of every hour by itself costs half of one sort of all
    hour, day = (joined.local // HOUR) % 24, joined.local // DAY
    weekend = (day + 3) % 7 >= _SATURDAY  # 1970-01-01 was a Thursday
    return joined.mutate(
        ordinal=(joined.started // HOUR) * _MOST_IN_HOUR + ibis.row_number().over(in_hour),
        hour=joined.started // HOUR,
        day=day,
        night=_within(hour, settings.night_local_h),
        weekend=weekend,
        offhours=weekend | ~_within(hour, settings.office_local_h),
    ).drop("call_key", "local")


def _within(hour: ir.IntegerValue, span: tuple[int, int]) -> ir.BooleanValue:
    since, until = span
    if since <= until:
        return (hour >= since) & (hour < until)
    return (hour >= since) | (hour < until)


def _pairs(calls: ir.Table) -> ir.Table:
    others = calls.filter(calls.caller != calls.callee)
    answered = others.answered
    return others.group_by("caller", "callee").agg(
        calls=others.count(),
        answered=others.count(where=answered),
        talk_ms=others.talk_ms.sum(),
        longest_ms=others.talk_ms.max(),
        night_calls=others.count(where=others.night),
        first_seen=others.started.min(),
        last_seen=others.started.max(),
        first_answered=others.started.min(where=answered),
        first_answered_ms=others.talk_ms.argmin(others.ordinal, where=answered),
        first_answered_ordinal=others.ordinal.min(where=answered),
    )
