"""The window's records in the lake's own columns, as expressions."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import ibis.expr.types as ir

from graph.query_engine import QueryEngine
from graph.reading.kinds import KIND
from graph.windows import Window
from ingest.cdr import CALL_SCHEMA
from ingest.erased.erased import SIDES
from ingest.values.numbers import WITHHELD


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


def forwarded(records: ir.Table) -> ir.Table:
    """Give every call that its callee's line sent on to another number; who called does not matter."""
    return records.filter(records.forwarded_to != records.callee)  # null, and so left out, where none was
