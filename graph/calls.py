"""The window's calls on whole numbers, as tables that expressions are written on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from configs import FeatureSettings
from graph.query_engine import QueryEngine
from graph.reading.drafts import SCHEMAS
from graph.reading.numbers import NUMBERS
from graph.reading.window import read_window
from graph.windows import Window

_NODES = 1 << 32  # both ends of a pair as one number: half the cost of grouping by two
_TALK_S = 1 << 17  # a conversation lasts at most a day; with it 800 days of microseconds fit into 63 bits


@dataclass(frozen=True)
class CallTables:
    """What features, edges and link keys are computed from.

    numbers: NUMBERS; who only sends or gets messages or forwarded calls is a number, too. calls: one row an attempt,
    with both nodes. pairs: one row an ordered pair of different nodes. messages: one row a message, with both nodes.
    forwards: one row a forwarded call, with the node that forwards and the `target` that it goes to.
    """

    numbers: ir.Table
    calls: ir.Table
    pairs: ir.Table
    messages: ir.Table
    forwards: ir.Table
    window: Window
    texts: Mapping[str, pa.Array]  # of regions and equipment: calls have places in these, which are sorted
    facts: Mapping[str, Any]  # what the manifest says of the records
    recorded: Mapping[str, int]  # how many calls have a value, by column

    def place(self, column: str, text: str) -> int:
        """Give what `calls` have in `column` for `text`, -1 where none has it."""
        return int(self.texts[column].index(text).as_py())


def call_tables(
    engine: QueryEngine,
    paths: Sequence[Path],
    window: Window,
    settings: FeatureSettings,
    left_out: Sequence[str] = (),
) -> CallTables:
    """Read the records in the lake's segments `paths` that started within `window` and keep their tables.

    Those with a number that is `left_out` on any side are not among them.
    """
    read = read_window(paths, window, left_out, settings, engine.scratch)
    numbers = engine.scan("numbers", [read.numbers], NUMBERS)
    calls, messages, forwards = (engine.scan(name, [read.tables[name]], schema) for name, schema in SCHEMAS.items())
    pairs = engine.save("pairs", _pairs(calls, window))
    return CallTables(numbers, calls, pairs, messages, forwards, window, read.texts, read.facts, read.recorded)


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
