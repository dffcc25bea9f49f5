"""Columns of fixed width: lines of bytes, cut at the places that the mapping names."""

from __future__ import annotations

from typing import IO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from configs import IngestSettings
from ingest.mapping.dialects import FixedColumn, FixedDialect
from ingest.mapping.operators import Operator
from ingest.reasons import CODE_OF, CODES
from ingest.records.chunk import DEAD, Chunk, Content
from ingest.records.header import resolve
from ingest.records.lines import BOM, Lines, Pieces, read_lines
from ingest.records.spans import as_binary, clipped
from ingest.rejection import RejectedError
from ingest.values.arrow import Bools, Codes, Int64


def read(stream: IO[bytes], operator: Operator, limits: IngestSettings) -> Content:
    """Read an unpacked file of fixed columns; raises RejectedError now for what it lacks as a whole."""
    layout = operator.fixed
    if layout is None:
        raise RejectedError(
            "format_undescribed", f"mapping {operator.name} does not say where columns lie; add `fixed:` to it"
        )
    names = [column.name for column in layout.columns]
    header = resolve(names, operator)
    block = max(limits.block_bytes, 4 * limits.max_row_bytes)
    source = Pieces(stream, _after_skipped(stream.read(block).removeprefix(BOM), layout.skip), block)
    cutter = _Cutter(layout, [layout.columns[place] for place in header.places.values()], limits)
    return Content(header.unknown, map(cutter.chunk, read_lines(source, limits.max_row_bytes)), tuple(names))


def _after_skipped(begin: bytes, lines: int) -> bytes:
    if not begin.strip(b"\r\n"):
        raise RejectedError("header_missing", "the file is empty; export it anew")
    place = 0
    for _ in range(lines):
        place = begin.find(b"\n", place) + 1
        if not place:
            raise RejectedError("header_missing", f"the file has no {lines} lines to skip; mend `fixed: skip`")
    return begin[place:]


class _Cutter:
    """Turns lines into chunks."""

    def __init__(self, layout: FixedDialect, wanted: list[FixedColumn], limits: IngestSettings) -> None:
        self._layout, self._wanted, self._limits = layout, wanted, limits

    def chunk(self, lines: Lines) -> Chunk:
        """Give the rows that some lines are."""
        faults = self._faults(lines)
        good, bad = faults == 0, faults != 0
        numbers = lines.first + np.arange(len(lines), dtype=np.int64)
        starts, ends = lines.starts[good], lines.ends[good]
        reasons = pa.array(CODES).take(pa.array(faults[bad]))
        raw = clipped(lines.data, lines.starts[bad], lines.ends[bad])
        return Chunk(
            {column.name: _cut(lines.data, starts, ends, column) for column in self._wanted},
            numbers[good],
            lambda places: clipped(lines.data, starts[places], ends[places]),
            pa.table([numbers[bad], reasons, raw], schema=DEAD),
        )

    def _faults(self, lines: Lines) -> Codes:
        faults = lines.faults(self._limits.max_row_bytes)
        misfit = _ends_within(lines.ends - lines.starts, self._layout) | _splits_character(lines, self._wanted)
        faults[misfit & (faults == 0)] = CODE_OF["row_columns"]
        return faults


def _ends_within(lengths: Int64, layout: FixedDialect) -> Bools:
    """Give which lines are too long, or end within a column, so that a cut number could pass for a whole one."""
    misfit: Bools = lengths > max(column.end for column in layout.columns)
    for column in layout.columns:
        misfit |= (lengths > column.start) & (lengths < column.end)
    return misfit


def _splits_character(lines: Lines, columns: list[FixedColumn]) -> Bools:
    """Give in which lines a column begins or ends within a character of several bytes."""
    data = np.frombuffer(lines.data, dtype=np.uint8)
    split = np.zeros(len(lines), dtype=bool)
    for place in sorted({place for column in columns for place in (column.start, column.end)}):
        reached = lines.starts + place < lines.ends
        split[reached] |= data[lines.starts[reached] + place] & 0xC0 == 0x80
    return split


def _cut(data: bytes, starts: Int64, ends: Int64, column: FixedColumn) -> pa.Array:
    """Give a column's texts without the blanks that fill it."""
    begins, stops = np.minimum(starts + column.start, ends), np.minimum(starts + column.end, ends)
    return pc.ascii_trim(as_binary(data, begins, stops).cast(pa.string()), " ")
