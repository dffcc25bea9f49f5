"""A stream of bytes becomes lines, some thousands at a time, whatever their number and length."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

import numpy as np

from ingest.reasons import CODE_OF
from ingest.records.spans import holding, not_utf8
from ingest.values.arrow import Codes, Int64

BOM = b"\xef\xbb\xbf"
_LINES = 150_000  # of a piece at most: a line takes some 60 bytes of memory beside its text
_LF, _CR, _NUL = 10, 13, 0


class Pieces:
    """The bytes of a file, about `block` at a time and fewer where lines are many; `ahead` is what was read before."""

    def __init__(self, stream: IO[bytes], ahead: bytes, block: int) -> None:
        self._stream, self._ahead, self._block = stream, memoryview(ahead), block

    def read(self) -> bytes:
        """Give the next bytes, none at the end of the file."""
        if not self._ahead:
            self._ahead = memoryview(self._stream.read(self._block))
        cut = _cut(self._ahead)
        piece, self._ahead = bytes(self._ahead[:cut]), self._ahead[cut:]
        return piece

    def after_line(self) -> bytes:
        """Read on to the end of the line and give what was read beyond it."""
        while read := self.read():
            _, found, beyond = read.partition(b"\n")
            if found:
                return beyond
        return b""


@dataclass(frozen=True)
class Lines:
    """Lines that are not empty: [starts, ends) without line ends, of which the first is row `first` of the file."""

    data: bytes
    starts: Int64
    ends: Int64
    first: int

    def __len__(self) -> int:
        return len(self.starts)

    def faults(self, most_bytes: int) -> Codes:
        """Give the first fault of every line as a line; 0 is none."""
        data = np.frombuffer(self.data, dtype=np.uint8)
        checks = {
            "row_too_long": self.ends - self.starts > most_bytes,
            "row_not_utf8": not_utf8(data, self.starts, self.ends),
            "row_nul": holding(np.flatnonzero(data == _NUL), self.starts, self.ends),
            "row_carriage_return": holding(np.flatnonzero(data == _CR), self.starts, self.ends),
        }
        found = np.zeros(len(self), np.int16)
        for reason, holds in reversed(checks.items()):
            found[holds] = CODE_OF[reason]
        return found


def read_lines(source: Pieces, most_bytes: int) -> Iterator[Lines]:
    """Give the lines of a file; of one that is longer than `most_bytes` only the beginning is given, longer than that.

    Lines end in LF or CR LF; the last one needs no end.
    """
    row, rest, more = 0, b"", True
    while more:
        read = source.read()
        more = bool(read)
        data = rest + read
        used = data.rfind(b"\n") + 1 if more else len(data)
        lines = _split(data[:used], row)
        yield lines
        row, rest = row + len(lines), data[used:]
        if len(rest) > most_bytes:
            yield Lines(rest, np.array([0]), np.array([len(rest)]), row)
            row, rest = row + 1, source.after_line()


def _split(data: bytes, first: int) -> Lines:
    buffer = np.frombuffer(data, dtype=np.uint8)
    ends = np.flatnonzero(buffer == _LF)
    if len(data) and buffer[-1] != _LF:
        ends = np.append(ends, len(data))
    starts = np.concatenate([[0], ends[:-1] + 1]).astype(np.int64) if len(ends) else ends
    ends = ends - ((ends > starts) & (buffer[np.maximum(ends, 1) - 1] == _CR)) if len(ends) else ends
    filled = ends > starts
    return Lines(data, starts[filled], ends[filled], first)


def _cut(data: memoryview) -> int:
    breaks = np.flatnonzero(np.frombuffer(data, dtype=np.uint8) == _LF)
    return len(data) if len(breaks) <= _LINES else int(breaks[_LINES - 1]) + 1
