"""The window's calls on whole numbers: every text is looked up once, everything after works on integers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import ibis
import ibis.expr.types as ir

from configs import FeatureSettings
from graph import plan
from graph.query_engine import QueryEngine
from graph.windows import DAY, HOUR, Window
from graph.zones import offset_spans
from ingest.cdr import CALL_SCHEMA
from ingest.erased.erased import SIDES
from ingest.values.numbers import WITHHELD

KIND = "voice"
MESSAGE = "sms"
EQUIPMENT = ("imei", "imsi", "cell", "trunk_in", "trunk_out")
_SATURDAY = 5
_NODES = 1 << 32  # both ends of a pair as one number: half the cost of grouping by two
_TALK_S = 1 << 17  # a conversation lasts at most a day; with it 800 days of microseconds fit into 63 bits


@dataclass(frozen=True)
class CallTables:
    """What features, edges and link keys are computed from.

    numbers: node, operator, number, kind, first_seen, last_seen and, for E.164 numbers only, digits, code (country
    calling code) and locality; who only sends or gets messages or forwarded calls is a number, too. calls: one row an
    attempt, with both nodes. pairs: one row an
    ordered pair of different nodes. messages: one row a message, with both nodes. forwards: one row a forwarded call,
    with the node that forwards and the `target` that it goes to.
    """

    numbers: ir.Table
    calls: ir.Table
    pairs: ir.Table
    messages: ir.Table
    forwards: ir.Table
    window: Window


def window_records(
    engine: QueryEngine, paths: Sequence[Path], window: Window, left_out: Sequence[str] = ()
) -> ir.Table:
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


def other_kinds(engine: QueryEngine, records: ir.Table) -> dict[str, int]:
    """Give how many records are no attempts, by kind; `withheld` are voice calls of withheld callers."""
    is_withheld = (records.kind == KIND) & (records.caller_kind == WITHHELD)
    kinds = records.select(kind=ibis.cases((is_withheld, WITHHELD), else_=records.kind))
    left = kinds.filter(kinds.kind != KIND)
    rows = engine.fetch(left.group_by("kind").agg(rows=left.count()).order_by("kind"))
    return dict(zip(rows["kind"].to_pylist(), rows["rows"].to_pylist(), strict=True))


def call_tables(engine: QueryEngine, records: ir.Table, window: Window, settings: FeatureSettings) -> CallTables:
    """Compute and keep the tables of a window; `records` are all of it, whatever their kind, in the lake's columns."""
    voice = attempts(records)
    numbers = engine.save("numbers", _numbers(records))
    zones = engine.fetch(voice.select("zone").distinct())["zone"].to_pylist()
    several = len(engine.fetch(numbers.select("operator").distinct())) > 1
    offsets = engine.give("offsets", offset_spans(zones, window))
    calls = engine.save("calls", _calls(_encoded(voice, numbers, several), offsets, settings))
    pairs = engine.save("pairs", _pairs(calls, window))
    messages = engine.save("messages", _messages(records, numbers))
    forwards = engine.save("forwards", _forwards(records, numbers))
    return CallTables(numbers, calls, pairs, messages, forwards, window)


def _numbers(records: ir.Table) -> ir.Table:
    talks = records.filter(records.kind.isin((KIND, MESSAGE)) & (records.caller_kind != WITHHELD))
    sent_on = forwarded(records)
    sides = ibis.union(
        _side(talks, talks.caller, talks.caller_kind),
        _side(talks, talks.callee),
        _side(sent_on, sent_on.callee),
        _side(sent_on, sent_on.forwarded_to),
    )
    seen = sides.group_by("operator", "number").agg(
        kind=sides.kind.max(), first_seen=sides.first_seen.min(), last_seen=sides.last_seen.max()
    )
    opaque = sides.group_by("operator").agg(is_opaque=sides.is_opaque.any())
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


def _side(records: ir.Table, number: ir.StringValue, kind: ir.StringValue | None = None) -> ir.Table:
    """Give the numbers on one side, each once: what follows has thousands of rows instead of millions."""
    return records.group_by("operator", number=number).agg(
        kind=ibis.null("string") if kind is None else kind.max(),
        first_seen=records.started.min(),
        last_seen=records.started.max(),
        is_opaque=(records.caller_kind == "opaque").any(),
    )


def _kind(known: ir.Table) -> ir.StringValue:
    """Give the kind of a number that only received: the record states it for callers alone."""
    return ibis.cases((known.is_opaque, "opaque"), (known.number.startswith("+"), "e164"), else_="short")


def _encoded(voice: ir.Table, numbers: ir.Table, several: bool) -> ir.Table:
    """Give the attempts with nodes in the place of texts; where `several` is false all are of one operator."""
    a, b = numbers.view(), numbers.view()
    same_a, same_b = [voice.caller == a.number], [voice.callee == b.number]
    if several:  # a second key of the join costs as much as the first
        same_a.append(voice.operator == a.operator)
        same_b.append(voice.operator == b.operator)
    return (
        voice.join(a, same_a)
        .join(b, same_b)
        .select(
            voice.started,
            voice.zone,
            voice.talk_ms,
            voice.ring_ms,
            voice.origin_region,
            voice.target_region,
            *(voice[name] for name in EQUIPMENT),
            caller=a.node,
            callee=b.node,
            callee_digits=b.digits,
            answered=voice.answered.fill_null(voice.talk_ms > 0),
        )
    )


def _calls(calls: ir.Table, offsets: ir.Table, settings: FeatureSettings) -> ir.Table:
    within = (calls.zone == offsets.zone) & (calls.started >= offsets.since) & (calls.started < offsets.until)
    joined = calls.join(offsets, within).select(
        *(calls[name] for name in calls.columns if name != "zone"), local=calls.started + offsets.offset
    )
    hour, day = (joined.local // HOUR) % 24, joined.local // DAY
    weekend = (day + 3) % 7 >= _SATURDAY  # 1970-01-01 was a Thursday
    return joined.mutate(
        hour=joined.started // HOUR,
        day=day,
        night=_within(hour, settings.night_local_h),
        weekend=weekend,
        offhours=weekend | ~_within(hour, settings.office_local_h),
    ).drop("local")


def _messages(records: ir.Table, numbers: ir.Table) -> ir.Table:
    sent = records.filter((records.kind == MESSAGE) & (records.caller_kind != WITHHELD))
    a, b = numbers.view(), numbers.view()
    return (
        sent.join(a, (sent.operator == a.operator) & (sent.caller == a.number))
        .join(b, (sent.operator == b.operator) & (sent.callee == b.number))
        .select(sent.started, caller=a.node, callee=b.node, hour=sent.started // HOUR)
    )


def forwarded(records: ir.Table) -> ir.Table:
    """Give every call that its callee's line sent on to another number; who called does not matter."""
    return records.filter(records.forwarded_to != records.callee)  # null, and so left out, where none was


def _forwards(records: ir.Table, numbers: ir.Table) -> ir.Table:
    sent_on = forwarded(records)
    a, b = numbers.view(), numbers.view()
    return (
        sent_on.join(a, (sent_on.operator == a.operator) & (sent_on.callee == a.number))
        .join(b, (sent_on.operator == b.operator) & (sent_on.forwarded_to == b.number))
        .select(sent_on.started, forwarder=a.node, target=b.node)
    )


def _within(hour: ir.IntegerValue, span: tuple[int, int]) -> ir.BooleanValue:
    since, until = span
    if since <= until:
        return (hour >= since) & (hour < until)
    return (hour >= since) | (hour < until)


def _pairs(calls: ir.Table, window: Window) -> ir.Table:
    others = calls.filter(calls.caller != calls.callee)
    answered = others.answered
    sums = others.group_by(ends=others.caller.cast("int64") * _NODES + others.callee).agg(
        calls=others.count(),
        answered=others.count(where=answered),
        talk_ms=others.talk_ms.sum(),
        longest_ms=others.talk_ms.max(),
        night_calls=others.count(where=others.night),
        first_seen=others.started.min(),
        last_seen=others.started.max(),
        first_answered=_first_talk(others, window).min(where=answered),
    )
    first = sums.first_answered
    return sums.select(
        "calls",
        "answered",
        "talk_ms",
        "longest_ms",
        "night_calls",
        "first_seen",
        "last_seen",
        caller=_whole(sums.ends, _NODES).cast("int32"),
        callee=(sums.ends % _NODES).cast("int32"),
        first_answered=_whole(first, _TALK_S) * _tick(window) + window.start,
        first_answered_s=(_TALK_S - 1) - first % _TALK_S,
    )


def _first_talk(calls: ir.Table, window: Window) -> ir.IntegerValue:
    """Give start and conversation as one number whose least is the first call, of equally early ones the longest."""
    talk_s = ibis.least(calls.talk_ms // 1000, ibis.literal(_TALK_S - 1, "int64"))
    return (calls.started - window.start) // _tick(window) * _TALK_S + (_TALK_S - 1 - talk_s)


def _whole(value: ir.IntegerValue, of: int) -> ir.IntegerValue:
    """Give value // of: engines divide in floating point, which is exact only where nothing is left over."""
    return (value - value % of) // of


def _tick(window: Window) -> int:
    """Give in how many microseconds the start of a first call is told: 1, but for windows of over 800 days."""
    return 1 + (window.end - window.start) * _TALK_S // (1 << 63)
