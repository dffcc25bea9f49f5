"""One file that grows, read from any place: rows that are not whole yet wait."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

from configs import IngestSettings
from ingest.mapping.operators import Operator
from ingest.records.chunk import Content
from ingest.sources.rows import rows_of

BEGINS = 1024  # bytes at most by which a file is known again
_SCAN = 1 << 20


class Cut(NamedTuple):
    """The rows between two places of a file."""

    start: int
    end: int
    content: Content


class Tail:
    """Reads an open file, whatever becomes of its name."""

    def __init__(self, path: Path, format_: str, operator: Operator, limits: IngestSettings) -> None:
        self._file = os.open(path, os.O_RDONLY)
        self.path, self.inode = path, os.fstat(self._file).st_ino
        self.position = 0  # after the last row that was given
        self._rows = rows_of(format_, operator, limits)
        self._block = max(limits.block_bytes, 4 * limits.max_row_bytes)
        self._begun = False
        self._begins = b""
        self._seen = -1  # size at which nothing more could be read
        self._no_line_end_before = 0

    @property
    def size(self) -> int:
        """Bytes of the file now."""
        return os.fstat(self._file).st_size

    @property
    def is_same(self) -> bool:
        """Whether the file still holds what was read of it, as far as its beginning and its size say."""
        return self.size >= self.position and self.beginning(len(self._begins)) == self._begins

    def beginning(self, size: int) -> bytes:
        """Give the first bytes of the file."""
        return os.pread(self._file, size, 0)

    def resume(self, position: int) -> None:
        """Go on after what was read before; raises RejectedError for the header."""
        self._begin(last=True)
        self._rows.learn(self.beginning(min(position, self._block)))
        self._move(position)

    def read(self, last: bool) -> Cut | None:
        """Give the next rows; `last`: what is there is all, so that a row that is not whole is one, too.

        Raises RejectedError.
        """
        if self.size == self._seen and not last:
            return None
        if not self._begun and not self._begin(last):
            return None
        found = self._next(last)
        if found is None:
            self._seen = self.size
        else:
            self._move(found.end)
        return found

    def close(self) -> None:
        """Let go of the file."""
        os.close(self._file)

    def _begin(self, last: bool) -> bool:
        data = self.beginning(self._block)
        header = self._rows.begin(data, last or len(data) == self._block)
        if header is None:
            return False
        self._begun = True
        self._move(header)
        return True

    def _next(self, last: bool) -> Cut | None:
        data = os.pread(self._file, self._block, self.position)
        used = self._rows.used(data)
        if used:
            return self._cut(data[:used], self.position + used, last or len(data) == self._block)
        if len(data) == self._block:
            return self._too_long(data, last)
        return self._cut(data, self.position + len(data), last) if data and last else None

    def _too_long(self, data: bytes, last: bool) -> Cut | None:
        """Give a row that is longer than any may be, once its end is there: its beginning says what it is."""
        end = self._line_end(self.position + len(data))
        if end is None and not last:
            return None
        return self._cut(data, end or self.size, True)

    def _cut(self, data: bytes, end: int, says_it_all: bool) -> Cut | None:
        content = self._rows.content(data, says_it_all)
        return None if content is None else Cut(self.position, end, content)

    def _line_end(self, place: int) -> int | None:
        place = max(place, self._no_line_end_before)
        while data := os.pread(self._file, _SCAN, place):
            found = data.find(b"\n")
            if found >= 0:
                return place + found + 1
            place += len(data)
        self._no_line_end_before = place
        return None

    def _move(self, position: int) -> None:
        self.position = position
        if len(self._begins) < BEGINS:
            self._begins = self.beginning(min(position, BEGINS))
