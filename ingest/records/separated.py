"""Separated values: a header or a list of columns, then rows, read strictly; every field stays text."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from typing import IO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from configs import IngestSettings
from ingest.mapping.dialects import CsvDialect
from ingest.mapping.operators import Operator
from ingest.reasons import CODES
from ingest.records.chunk import DEAD, RAW_BYTES, Chunk, Content
from ingest.records.csv_rows import Dialect, Rows, known_rows, split_rows
from ingest.records.header import resolve
from ingest.records.lines import BOM, Pieces
from ingest.records.spans import clipped, joined
from ingest.rejection import RejectedError
from ingest.values.arrow import Bools, Int64, whole

_COLUMNS = 10_000


def read_separated(stream: IO[bytes], operator: Operator, written: CsvDialect, limits: IngestSettings) -> Content:
    """Read an unpacked file of separated values; raises RejectedError now for its header."""
    block = max(limits.block_bytes, 4 * limits.max_row_bytes)
    begin = stream.read(block).removeprefix(BOM)
    if written.header is True:
        names, rest = _header_of(begin, written, limits)
    else:
        names, rest = list(written.header), begin
    parser = _Parser(names, operator, written, limits)
    return Content(parser.header.unknown, _chunks(Pieces(stream, rest, block), parser), tuple(names))


def read_rows(
    raw: pa.Array, names: Sequence[str], operator: Operator, written: CsvDialect, limits: IngestSettings
) -> Chunk:
    """Read rows that were told apart before, each by itself; they count from 0.

    Raises RejectedError where the columns' names do not fit the mapping.
    """
    parser = _Parser(names, operator, written, limits)
    lengths = pc.binary_length(raw).to_numpy().astype(np.int64)
    ends = np.cumsum(lengths + 1) - 1
    data = b"".join(row + b"\n" for row in raw.to_pylist())
    return parser.chunk(data, known_rows(data, ends - lengths, ends, parser.rows), 0)


def row_dialect(written: CsvDialect, width: int, limits: IngestSettings) -> Dialect:
    """Give how the rows of a file of `width` columns are told apart."""
    fields = range(written.least_fields or width, width + 1)
    return Dialect(ord(written.delimiter), ord(written.quote), fields, limits.max_row_bytes)


def _header_of(begin: bytes, written: CsvDialect, limits: IngestSettings) -> tuple[list[str], bytes]:
    """Give (names in the first line that is not empty, the rest of what was read)."""
    data = begin.lstrip(b"\r\n")
    if not data:
        raise RejectedError("header_missing", "the file is empty; a CDR file begins with a header line")
    line, _, rest = data.partition(b"\n")
    if len(line) > limits.max_row_bytes:
        raise RejectedError("header_malformed", "the first line is longer than any row may be; mend the first line")
    names = _names(line.removesuffix(b"\r"), written)
    if len(names) > _COLUMNS:
        raise RejectedError("header_malformed", f"the first line names more than {_COLUMNS} columns; mend it")
    return names, rest


def _names(line: bytes, dialect: CsvDialect) -> list[str]:
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError:
        raise RejectedError("header_malformed", "the first line is not UTF-8; save the file as CSV in UTF-8") from None
    if "\r" in text or "\0" in text:
        raise RejectedError("header_malformed", "lines must end in LF or CR LF, and hold no NUL; save the file anew")
    try:
        return next(csv.reader([text], delimiter=dialect.delimiter, quotechar=dialect.quote, strict=True))
    except csv.Error as error:
        raise RejectedError(
            "header_malformed", f"the header's quotes are wrong ({error}); mend the first line"
        ) from None


class _Parser:
    """Turns a block of bytes into a chunk."""

    def __init__(self, names: Sequence[str], operator: Operator, written: CsvDialect, limits: IngestSettings) -> None:
        self.rows = row_dialect(written, len(names), limits)
        self.header = resolve(names, operator)
        self._csv, self._width = written, len(names)

    def chunk(self, data: bytes, rows: Rows, first_row: int) -> Chunk:
        """Give the rows of a block; the first of them is row `first_row` of the file."""
        good, bad = rows.faults == 0, rows.faults != 0
        numbers = first_row + np.arange(len(rows), dtype=np.int64)
        reasons = pa.array(CODES).take(pa.array(rows.faults[bad]))
        dead = pa.table([numbers[bad], reasons, clipped(data, rows.starts[bad], rows.ends[bad])], schema=DEAD)
        return Chunk(self._columns(data, rows, good), numbers[good], _raw_of(data, rows, good), dead)

    def _columns(self, data: bytes, rows: Rows, good: Bools) -> dict[str, pa.Array]:
        if not good.any():
            return {name: pa.array([], pa.string()) for name in self.header.places}
        if len(self.rows.fields) == 1:
            text = data[: rows.used] if good.all() else joined(data, rows.starts[good], rows.nexts[good])
        else:
            text = self._widened(data, rows, np.flatnonzero(good))
        table = self._parse(b"\n" + text, rows.quoted)  # a byte order mark within the file is no mark
        if len(table) != np.count_nonzero(good):
            raise _disputed(f"{np.count_nonzero(good)} rows were read as {len(table)}")
        return {name: whole(table[str(place)]) for name, place in self.header.places.items()}

    def _widened(self, data: bytes, rows: Rows, places: Int64) -> bytes:
        """Give rows that leave out their last fields with as many delimiters as the others have."""
        if (rows.fields[places] == self._width).all():
            return joined(data, rows.starts[places], rows.nexts[places])
        padding = [b"", *(self._csv.delimiter.encode() * short for short in range(1, self._width))]
        short = (self._width - rows.fields[places]).tolist()
        spans = zip(rows.starts[places].tolist(), rows.ends[places].tolist(), short, strict=True)
        return b"".join(data[start:end] + padding[missing] + b"\n" for start, end, missing in spans)

    def _parse(self, text: bytes, quoted: bool) -> pa.Table:
        names = [str(place) for place in range(self._width)]
        wanted = [names[place] for place in self.header.places.values()]
        read = pyarrow.csv.ReadOptions(column_names=names, block_size=len(text) + 1, use_threads=False)
        parse = pyarrow.csv.ParseOptions(
            delimiter=self._csv.delimiter, quote_char=self._csv.quote, newlines_in_values=quoted
        )
        convert = pyarrow.csv.ConvertOptions(
            check_utf8=False,
            column_types=dict.fromkeys(wanted, pa.string()),
            include_columns=wanted,
            strings_can_be_null=False,
        )
        try:
            return pyarrow.csv.read_csv(pa.BufferReader(text), read, parse, convert)
        except pa.ArrowInvalid as error:
            raise _disputed(str(error).partition("\n")[0][:200]) from None


def _disputed(detail: str) -> RejectedError:
    return RejectedError("rows_disputed", f"the file cannot be cut into rows beyond doubt ({detail}); export it anew")


def _chunks(source: Pieces, parser: _Parser) -> Iterator[Chunk]:
    row, rest, more = 0, b"", True
    while more:
        read = source.read()
        more = bool(read)
        data = rest + read
        rows = split_rows(data, parser.rows, last=not more)
        yield parser.chunk(data, rows, row)
        row, rest = row + len(rows), data[rows.used :]
        if len(rest) > parser.rows.max_row_bytes:
            yield _overlong(rest, row)
            row, rest = row + 1, source.after_line()


def _overlong(begin: bytes, row: int) -> Chunk:
    dead = pa.table([[row], ["row_too_long"], [begin[:RAW_BYTES]]], schema=DEAD)
    return Chunk({}, np.empty(0, np.int64), lambda _: pa.array([], pa.binary()), dead)


def _raw_of(data: bytes, rows: Rows, good: Bools) -> Callable[[Int64], pa.Array]:
    starts, ends = rows.starts[good], rows.ends[good]
    return lambda positions: clipped(data, starts[positions], ends[positions])
