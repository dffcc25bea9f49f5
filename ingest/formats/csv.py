"""CSV: a header, then rows, read strictly; every field stays text."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from typing import IO

import numpy as np
import pyarrow as pa
import pyarrow.csv

from configs import IngestSettings
from ingest.arrow import Bools, Int64, whole
from ingest.chunk import DEAD, RAW_BYTES, Chunk, Content
from ingest.csv_rows import Dialect, Rows, split_rows
from ingest.header import Header, resolve
from ingest.operators import CsvDialect, Operator
from ingest.reasons import CODES
from ingest.rejection import RejectedError

_BOM = b"\xef\xbb\xbf"
_LINES = 250_000  # of a block at most: a line takes some 60 bytes of memory beside its text
_COLUMNS = 10_000
_LF = 10


def read(stream: IO[bytes], operator: Operator, limits: IngestSettings) -> Content:
    """Read an unpacked CSV file; raises RejectedError now for its header."""
    block = max(limits.block_bytes, 4 * limits.max_row_bytes)
    line, rest = _first_line(stream, block)
    if len(line) > limits.max_row_bytes:
        raise RejectedError("header_malformed", "the first line is longer than any row may be; mend the first line")
    names = _names(line, operator.csv)
    if len(names) > _COLUMNS:
        raise RejectedError("header_malformed", f"the first line names more than {_COLUMNS} columns; mend it")
    header = resolve(names, operator)
    fields = Dialect(ord(operator.csv.delimiter), ord(operator.csv.quote), len(names), limits.max_row_bytes)
    return Content(header.unknown, _chunks(_Pieces(stream, rest, block), _Parser(header, fields, operator.csv)))


def _first_line(stream: IO[bytes], block: int) -> tuple[bytes, bytes]:
    """Give (first line that is not empty, the rest of what was read)."""
    data = stream.read(block).removeprefix(_BOM).lstrip(b"\r\n")
    if not data:
        raise RejectedError("header_missing", "the file is empty; a CDR file begins with a header line")
    line, _, rest = data.partition(b"\n")
    return line.removesuffix(b"\r"), rest


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

    def __init__(self, header: Header, rows: Dialect, csv_dialect: CsvDialect) -> None:
        self.rows = rows
        self._header, self._csv = header, csv_dialect

    def chunk(self, data: bytes, rows: Rows, first_row: int) -> Chunk:
        """Give the rows of a block; the first of them is row `first_row` of the file."""
        good, bad = rows.faults == 0, rows.faults != 0
        numbers = first_row + np.arange(len(rows), dtype=np.int64)
        reasons = pa.array(CODES).take(pa.array(rows.faults[bad]))
        dead = pa.table([numbers[bad], reasons, _clipped(data, rows.starts[bad], rows.ends[bad])], schema=DEAD)
        return Chunk(self._columns(data, rows, good), numbers[good], _raw_of(data, rows, good), dead)

    def _columns(self, data: bytes, rows: Rows, good: Bools) -> dict[str, pa.Array]:
        names = [str(place) for place in range(self.rows.fields or 0)]
        if not good.any():
            return {name: pa.array([], pa.string()) for name in self._header.places}
        text = data[: rows.used] if good.all() else _spans(data, rows.starts[good], rows.nexts[good])
        table = self._parse(b"\n" + text, names, rows.quoted)  # a byte order mark within the file is no mark
        if len(table) != np.count_nonzero(good):
            raise _disputed(f"{np.count_nonzero(good)} rows were read as {len(table)}")
        return {name: whole(table[str(place)]) for name, place in self._header.places.items()}

    def _parse(self, text: bytes, names: list[str], quoted: bool) -> pa.Table:
        wanted = [names[place] for place in self._header.places.values()]
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


class _Pieces:
    """The bytes of a file, about `block` at a time and fewer where lines are many."""

    def __init__(self, stream: IO[bytes], ahead: bytes, block: int) -> None:
        self._stream, self._ahead, self._block = stream, memoryview(ahead), block

    def read(self) -> bytes:
        """Give the next bytes, none at the end of the file."""
        if not self._ahead:
            self._ahead = memoryview(self._stream.read(self._block))
        cut = _cut(self._ahead)
        piece, self._ahead = bytes(self._ahead[:cut]), self._ahead[cut:]
        return piece


def _cut(data: memoryview) -> int:
    breaks = np.flatnonzero(np.frombuffer(data, dtype=np.uint8) == _LF)
    return len(data) if len(breaks) <= _LINES else int(breaks[_LINES - 1]) + 1


def _disputed(detail: str) -> RejectedError:
    return RejectedError("rows_disputed", f"the file cannot be cut into rows beyond doubt ({detail}); export it anew")


def _chunks(source: _Pieces, parser: _Parser) -> Iterator[Chunk]:
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
            row, rest = row + 1, _after_line(source)


def _overlong(begin: bytes, row: int) -> Chunk:
    dead = pa.table([[row], ["row_too_long"], [begin[:RAW_BYTES]]], schema=DEAD)
    return Chunk({}, np.empty(0, np.int64), lambda _: pa.array([], pa.binary()), dead)


def _after_line(source: _Pieces) -> bytes:
    """Read on to the end of the line and give what was read beyond it."""
    while read := source.read():
        _, found, beyond = read.partition(b"\n")
        if found:
            return beyond
    return b""


def _raw_of(data: bytes, rows: Rows, good: Bools) -> Callable[[Int64], pa.Array]:
    starts, ends = rows.starts[good], rows.ends[good]
    return lambda positions: _clipped(data, starts[positions], ends[positions])


def _clipped(data: bytes, starts: Int64, ends: Int64) -> pa.Array:
    """Give the first RAW_BYTES of each of ascending spans."""
    if not len(starts):
        return pa.array([], pa.binary())
    lengths = np.minimum(ends - starts, RAW_BYTES)
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)
    text = _spans(data, starts, starts + lengths)
    return pa.Array.from_buffers(pa.binary(), len(starts), [None, pa.py_buffer(offsets), pa.py_buffer(text)])


def _spans(data: bytes, starts: Int64, ends: Int64) -> bytes:
    """Give the bytes of ascending spans that do not overlap, one after the other."""
    steps = np.zeros(len(data) + 1, dtype=np.int8)
    steps[starts] += 1
    steps[ends] -= 1
    inside = np.cumsum(steps[:-1], dtype=np.int8).astype(bool)
    return bytes(np.frombuffer(data, dtype=np.uint8)[inside])
