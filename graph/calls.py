"""The window's calls on whole numbers, as tables that expressions are written on."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ibis.expr.types as ir
import pyarrow as pa

from configs import FeatureSettings
from graph.query_engine import QueryEngine
from graph.reading.numbers import NUMBERS
from graph.reading.segments import KEPT
from graph.reading.window import read_window
from graph.windows import Window


@dataclass(frozen=True)
class CallTables:
    """What features, edges and link keys are computed from.

    numbers: NUMBERS; who only sends or gets messages or forwarded calls is a number, too. calls: one row an attempt,
    with both nodes. messages: one row a message, with both nodes. forwards: one row a forwarded call, with the node
    that forwards and the `target` that it goes to.
    """

    numbers: ir.Table
    calls: ir.Table
    messages: ir.Table
    forwards: ir.Table
    count: int  # of numbers
    window: Window
    texts: Mapping[str, pa.Array]  # of regions and equipment that were asked for: calls have places in these, sorted
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
    needed: Collection[str] = KEPT,
) -> CallTables:
    """Read the records in the lake's segments `paths` that started within `window` and keep their tables.

    Those with a number that is `left_out` on any side are not among them. needed: which columns of KEPT are read.
    """
    kept = [name for name in KEPT if name in needed]
    read = read_window(paths, window, left_out, settings, engine.scratch, kept)
    numbers = engine.scan("numbers", [read.numbers], NUMBERS)
    calls, messages, forwards = (
        engine.scan(name, [read.tables[name]], schema) for name, schema in read.schemas.items()
    )
    return CallTables(numbers, calls, messages, forwards, read.count, window, read.texts, read.facts, read.recorded)
