"""What a number writes: messages beside its calls, and whether anybody answers them."""

from __future__ import annotations

import ibis.expr.types as ir

from configs import FeatureSettings
from graph.calls import CallTables
from graph.features.joined import beside
from graph.features.ratio import ratio


def table(tables: CallTables, settings: FeatureSettings) -> ir.Table:  # noqa: ARG001 - every group has this signature
    """Give the group's features of every number, keyed by node; a message to oneself counts nowhere."""
    messages, calls = tables.messages.filter(tables.messages.caller != tables.messages.callee), tables.calls
    made = calls.group_by(node=calls.caller).agg(attempts=calls.count())
    all_ = beside(tables.numbers.select("node"), _recipients(messages), _hours(messages), made)
    sent, attempts = all_.sms_sent.fill_null(0), all_.attempts.fill_null(0)
    return all_.select(
        "node",
        "sms_sent",
        "sms_recipients",
        "sms_peak_hour_recipients",
        sms_reply_share=ratio(all_.replied, all_.sms_recipients),
        sms_share=ratio(sent, sent + attempts),
    )


def _recipients(messages: ir.Table) -> ir.Table:
    pairs = messages.group_by("caller", "callee").agg(sent=messages.count())
    back = pairs.view()
    both = pairs.left_join(back, (pairs.caller == back.callee) & (pairs.callee == back.caller)).select(
        node=pairs.caller, sent=pairs.sent, replied=back.sent.notnull()
    )
    return both.group_by("node").agg(
        sms_sent=both.sent.sum(), sms_recipients=both.count(), replied=both.count(where=both.replied)
    )


def _hours(messages: ir.Table) -> ir.Table:
    hours = messages.group_by("caller", "hour").agg(recipients=messages.callee.nunique())
    return hours.group_by(node=hours.caller).agg(sms_peak_hour_recipients=hours.recipients.max())
