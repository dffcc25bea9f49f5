"""Bytes of a CSV file become rows: where each begins and ends, and what is wrong with it as a row.

Quotes follow RFC 4180. Damage stays where it is: a line whose quotes do not close into a whole row is dead alone, and
the lines after it are read as if it were not there.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ingest.reasons import CODE_OF
from ingest.records.spans import Bytes, holding, not_utf8
from ingest.values.arrow import Bools, Codes, Int64

_LF, _CR, _NUL = 10, 13, 0


@dataclass(frozen=True)
class Dialect:
    """How rows are written: byte values, how many fields a row may have, and how long a row may be."""

    delimiter: int
    quote: int
    fields: range
    max_row_bytes: int


@dataclass(frozen=True)
class Rows:
    """Rows of a block: [starts, ends) without line ends, the place after the line end, and fault codes (0: none)."""

    starts: Int64
    ends: Int64
    nexts: Int64
    faults: Codes
    fields: Int64  # of each row
    quoted: bool  # whether any quotation mark stands in the block
    used: int  # bytes of the block that are rows; the rest begins a row that is not whole yet

    def __len__(self) -> int:
        return len(self.starts)


class _Lines:
    """Physical lines of a block and what stands in them; `last` says that nothing follows the block."""

    def __init__(self, data: Bytes, dialect: Dialect, last: bool) -> None:
        self.data, self.dialect = data, dialect
        breaks = np.flatnonzero(data == _LF)
        tail = last and len(data) > (breaks[-1] + 1 if len(breaks) else 0)
        self.nexts = np.append(breaks + 1, len(data)) if tail else breaks + 1
        self.starts = np.concatenate([[0], self.nexts[:-1]]).astype(np.int64) if len(self.nexts) else self.nexts
        raw_ends = self.nexts - 1 + np.append(np.zeros(len(breaks), np.int64), np.ones(int(tail), np.int64))
        crlf = (raw_ends > self.starts) & (data[np.maximum(raw_ends, 1) - 1] == _CR)
        self.ends = raw_ends - crlf

    @cached_property
    def marks(self) -> Int64:
        """Places of quotes and delimiters."""
        return np.flatnonzero((self.data == self.dialect.quote) | (self.data == self.dialect.delimiter))

    @cached_property
    def is_quote(self) -> Bools:
        """Which of the marks are quotes."""
        found: Bools = self.data[self.marks] == self.dialect.quote
        return found

    @cached_property
    def quotes(self) -> Int64:
        """Places of quotes."""
        return self.marks[self.is_quote]

    @cached_property
    def delimiters(self) -> Int64:
        """Places of delimiters, inside quotes or not."""
        return self.marks[~self.is_quote]

    @property
    def used(self) -> int:
        """Bytes that are whole lines."""
        return int(self.nexts[-1]) if len(self.nexts) else 0


class _Known(_Lines):
    """Rows whose places are known, as if each were one line, whatever line ends stand in them."""

    def __init__(self, data: Bytes, dialect: Dialect, starts: Int64, ends: Int64) -> None:
        self.data, self.dialect = data, dialect
        self.starts, self.ends, self.nexts = starts, ends, ends + 1


def known_rows(data: bytes, starts: Int64, ends: Int64, dialect: Dialect) -> Rows:
    """Look at rows whose places are known, each by itself; each is followed by one byte that belongs to no row."""
    lines = _Known(np.frombuffer(data, dtype=np.uint8), dialect, starts, ends)
    faults = np.zeros(len(starts), np.int16)
    if len(lines.quotes):
        quoting = _Quoting(lines)
        faults[quoting.lines[~quoting.whole]] = CODE_OF["row_quotes"]
    fields = _count_fields(lines, starts, ends)
    found = _find_faults(lines, starts, ends, faults, fields)
    return Rows(starts, ends, lines.nexts, found, fields, len(lines.quotes) > 0, len(data))


def split_rows(data: bytes, dialect: Dialect, last: bool) -> Rows:
    """Split a block that begins at a row; `last` says that no more bytes follow it.

    Empty lines are no rows. Without `last` a row whose end is not in the block is left for the next one, unless it is
    too long already.
    """
    buffer = np.frombuffer(data, dtype=np.uint8)
    lines = _Lines(buffer, dialect, last)
    if (tidy := _tidy_rows(lines)) is not None:
        return tidy
    first, final, faults, used = _join(lines, last)
    starts, ends, nexts = lines.starts[first], lines.ends[final], lines.nexts[final]
    filled = ends > starts
    starts, ends, nexts, faults = starts[filled], ends[filled], nexts[filled], faults[filled]
    fields = _count_fields(lines, starts, ends)
    found = _find_faults(lines, starts, ends, faults, fields)
    return Rows(starts, ends, nexts, found, fields, len(lines.quotes) > 0, used)


def _tidy_rows(lines: _Lines) -> Rows | None:
    """Give the rows of a block whose lines are rows with quotes around whole fields and nowhere else, as most are.

    Gives what the long way gives, and None where only that can tell.
    """
    if not len(lines.quotes) or not _is_tidy(lines):
        return None
    filled = lines.ends > lines.starts
    starts, ends, nexts = lines.starts[filled], lines.ends[filled], lines.nexts[filled]
    inside = np.bitwise_xor.accumulate(lines.is_quote.view(np.uint8))
    delimiters = lines.marks[~lines.is_quote & (inside == 0)]
    fields = np.searchsorted(delimiters, ends) - np.searchsorted(delimiters, starts) + 1
    found = _find_faults(lines, starts, ends, np.zeros(len(starts), np.int16), fields)
    return Rows(starts, ends, nexts, found, fields, True, lines.used)


def _is_tidy(lines: _Lines) -> bool:
    """Whether every line ends outside quotes, and all quotes come in pairs around a whole field."""
    data, delimiter = lines.data, lines.dialect.delimiter
    quotes = lines.quotes[lines.quotes < lines.used]
    if (np.searchsorted(quotes, lines.nexts) % 2).any():
        return False
    if np.count_nonzero(data[: lines.used] == _CR) > np.count_nonzero(lines.nexts - lines.ends == 2):  # of CR LF
        return False
    opens, closes = quotes[::2], quotes[1::2]
    before, after = data[np.maximum(opens, 1) - 1], data[np.minimum(closes + 1, len(data) - 1)]
    begins = (before == delimiter) | (before == _LF) | (opens == 0)
    ends = (after == delimiter) | (after == _LF) | (after == _CR) | (closes == len(data) - 1)
    return bool(begins.all() and ends.all())


def _join(lines: _Lines, last: bool) -> tuple[Int64, Int64, Codes, int]:
    """Give (first line, last line, fault) of every row, and the bytes used."""
    count = len(lines.starts)
    every = np.arange(count)
    if not len(lines.quotes) or not count:
        return every, every, np.zeros(count, np.int16), lines.used
    quoting = _Quoting(lines)
    faults = np.zeros(count, np.int16)
    faults[quoting.lines[~quoting.whole]] = CODE_OF["row_quotes"]
    if not quoting.opens.any():  # mostly every row is a line
        return every, every, faults, lines.used
    open_rows = _OpenRows(lines, quoting)
    kept, final, until = np.ones(count, bool), every.copy(), count
    done = -1
    for opener, line in zip(np.flatnonzero(quoting.opens).tolist(), quoting.lines[quoting.opens].tolist(), strict=True):
        if line <= done:
            continue
        end = open_rows.closing_line(opener, last)
        if end is None:
            until = line
            break
        if end > line:
            final[line], kept[line + 1 : end + 1], faults[line], done = end, False, 0, end
    rows = every[:until][kept[:until]]
    used = int(lines.starts[until]) if until < count else lines.used
    return rows, final[rows], faults[rows], used


class _Quoting:
    """The lines that hold quotes, and what their quotes say when a line begins outside or inside a field."""

    def __init__(self, lines: _Lines) -> None:
        self._source = lines
        self.quotes = lines.quotes[lines.quotes < lines.used]
        counts = np.diff(np.searchsorted(self.quotes, lines.nexts), prepend=0)  # both ascend
        self.lines = np.flatnonzero(counts)
        count = counts[self.lines]
        self.first = np.cumsum(count) - count  # the first quote of each line
        opens, closes = self._sides(np.repeat(self.lines, count))
        even = (np.arange(len(self.quotes)) - np.repeat(self.first, count)) % 2 == 0
        odd = count % 2 == 1
        from_outside = self._all(np.where(even, opens, closes))
        self.opens = from_outside & odd  # well-formed so far, but a field is still open at the end
        self.whole = from_outside & ~odd
        self.continues = self._all(np.where(even, closes, opens))  # well-formed when it begins inside a field
        self.closes = self.continues & odd

    def _sides(self, line_of: Int64) -> tuple[Bools, Bools]:
        """Give whether each quote may open a field, and whether it may close one."""
        lines, quotes = self._source, self.quotes
        delimiter, quote = lines.dialect.delimiter, lines.dialect.quote
        before = lines.data[np.maximum(quotes, 1) - 1]
        after = lines.data[np.minimum(quotes + 1, len(lines.data) - 1)]
        opens = (quotes == lines.starts[line_of]) | (before == delimiter) | (before == quote)
        closes = (quotes + 1 == lines.ends[line_of]) | (after == delimiter) | (after == quote)
        return opens, closes

    def _all(self, good: Bools) -> Bools:
        return np.logical_and.reduceat(good, self.first) if len(good) else good


class _OpenRows:
    """Rows that a line leaves open: looked at a line at a time, for which Python lists are faster than arrays."""

    def __init__(self, lines: _Lines, quoting: _Quoting) -> None:
        self._source = lines
        self._continues: list[bool] = quoting.continues.tolist()
        self._closes: list[bool] = quoting.closes.tolist()
        self._line_list: list[int] = quoting.lines.tolist()
        self._starts: list[int] = lines.starts[quoting.lines].tolist()
        self._ends: list[int] = lines.ends[quoting.lines].tolist()
        self._marks_even, self._marks_odd = self._marks(quoting)

    def closing_line(self, opener: int, last: bool) -> int | None:
        """Give the line at which the row that begins at quoted line `opener` ends.

        The line itself when it makes no whole row with those after it; None when the block ends too early to tell.
        """
        dialect, line, start = self._source.dialect, self._line_list[opener], self._starts[opener]
        fields = 1 + self._marks_even[opener]
        for following in range(opener + 1, len(self._line_list)):
            if not self._continues[following] or self._ends[following] - start > dialect.max_row_bytes:
                return line
            fields += self._marks_odd[following]
            if self._closes[following]:
                return self._line_list[following] if fields in dialect.fields else line
        return line if last or len(self._source.data) - start > dialect.max_row_bytes else None

    def _marks(self, quoting: _Quoting) -> tuple[list[int], list[int]]:
        """Give how many delimiters of each line have an even, and how many an odd number of its quotes before them."""
        marks = self._source.delimiters
        line_of = np.searchsorted(self._source.nexts, marks, side="right")
        slot = np.minimum(np.searchsorted(quoting.lines, line_of), len(quoting.lines) - 1)
        marks, slot = marks[quoting.lines[slot] == line_of], slot[quoting.lines[slot] == line_of]
        odd = (np.searchsorted(quoting.quotes, marks) - quoting.first[slot]) % 2 == 1
        count = len(quoting.lines)
        return np.bincount(slot[~odd], minlength=count).tolist(), np.bincount(slot[odd], minlength=count).tolist()


def _find_faults(lines: _Lines, starts: Int64, ends: Int64, faults: Codes, fields: Int64) -> Codes:
    """Give the first fault of every row, those of its quotes included."""
    dialect = lines.dialect
    carriage_returns = np.flatnonzero(lines.data == _CR)
    outside = _outside_quotes(lines, carriage_returns, starts)
    checks = {
        "row_too_long": ends - starts > dialect.max_row_bytes,
        "row_not_utf8": not_utf8(lines.data, starts, ends),
        "row_nul": holding(np.flatnonzero(lines.data == _NUL), starts, ends),
        "row_quotes": faults != 0,
        "row_carriage_return": holding(carriage_returns[outside], starts, ends),
        "row_columns": (fields < dialect.fields.start) | (fields >= dialect.fields.stop),
    }
    found = np.zeros(len(starts), np.int16)
    for reason, holds in reversed(checks.items()):
        found[holds] = CODE_OF[reason]
    return found


def _count_fields(lines: _Lines, starts: Int64, ends: Int64) -> Int64:
    """Give the fields of each row, delimiters inside quotes left out."""
    counted = lines.delimiters[_outside_quotes(lines, lines.delimiters, starts)]
    return np.searchsorted(counted, ends) - np.searchsorted(counted, starts) + 1


def _outside_quotes(lines: _Lines, places: Int64, starts: Int64) -> Bools:
    """Give for each place whether an even number of quotes stands before it in its row."""
    if not len(lines.quotes) or not len(starts) or not len(places):
        return np.ones(len(places), dtype=bool)
    row = np.maximum(np.searchsorted(starts, places, side="right") - 1, 0)
    before_row = np.searchsorted(lines.quotes, starts)[row]
    outside: Bools = (np.searchsorted(lines.quotes, places) - before_row) % 2 == 0
    return outside
