"""How the rows of a growing file are told apart: where its header ends, which rows are whole, what they hold."""

from __future__ import annotations

import io
from typing import Protocol

from configs import IngestSettings
from ingest.formats import reader
from ingest.formats.json import read_json_lines
from ingest.mapping.dialects import CsvDialect
from ingest.mapping.operators import Operator
from ingest.records.chunk import Content
from ingest.records.csv_rows import split_rows
from ingest.records.records import FIRST, Names
from ingest.records.separated import row_dialect
from ingest.rejection import RejectedError

_BOM = b"\xef\xbb\xbf"
_TOO_FEW = ("header_missing", "column_missing")  # what the first objects do not show, later ones may


class Rows(Protocol):
    """The rows of one file."""

    def begin(self, data: bytes, whole: bool) -> int | None:
        """Give the bytes of the header at the beginning of a file, None when they are not all there yet.

        `whole` says that no more bytes will follow. Raises RejectedError for the header.
        """

    def used(self, data: bytes) -> int:
        """Give the bytes of `data`, which begins at a row, that are whole rows."""

    def content(self, data: bytes, says_it_all: bool) -> Content | None:
        """Read whole rows; None: they say too little of the file as yet, and more may be had. Raises RejectedError."""

    def learn(self, data: bytes) -> None:
        """Hear of rows that were read before."""


def rows_of(format_: str, operator: Operator, limits: IngestSettings) -> Rows:
    """Give the rows of a file of `format_`: csv, tsv or json (one object a line)."""
    if format_ == "json":
        return _JsonRows(operator, limits)
    return _SeparatedRows(format_, operator, limits)


class _SeparatedRows:
    def __init__(self, format_: str, operator: Operator, limits: IngestSettings) -> None:
        self._read, self._operator, self._limits = reader(format_), operator, limits
        self._written: CsvDialect = operator.csv.tabbed if format_ == "tsv" else operator.csv
        self._header = b"\n"  # stands before every piece: what follows it is not the file's beginning

    def begin(self, data: bytes, whole: bool) -> int | None:
        size = self._header_size(data)
        if size is None and not whole:
            return None
        header = data[: len(data) if size is None else size]
        if self._written.header is True:
            self._header = header if header.endswith(b"\n") else header + b"\n"
        names = self._read(io.BytesIO(self._header), self._operator, self._limits).names
        self._dialect = row_dialect(self._written, len(names), self._limits)
        return len(header)

    def used(self, data: bytes) -> int:
        return split_rows(data, self._dialect, last=False).used

    def content(self, data: bytes, says_it_all: bool) -> Content:
        del says_it_all  # a header has said it
        return self._read(io.BytesIO(self._header + data), self._operator, self._limits)

    def learn(self, data: bytes) -> None:
        """Every row is like the header."""

    def _header_size(self, data: bytes) -> int | None:
        mark = len(_BOM) if data.startswith(_BOM) else 0
        if self._written.header is not True:
            return mark
        first = len(data) - len(data[mark:].lstrip(b"\r\n"))
        end = data.find(b"\n", first)
        return end + 1 if end >= 0 else None


class _JsonRows:
    def __init__(self, operator: Operator, limits: IngestSettings) -> None:
        self._limits, self._names = limits, Names(operator)

    def begin(self, data: bytes, whole: bool) -> int | None:
        mark = len(_BOM) if data.startswith(_BOM) else 0
        return mark if data or whole else None

    def used(self, data: bytes) -> int:
        return data.rfind(b"\n") + 1

    def content(self, data: bytes, says_it_all: bool) -> Content | None:
        try:
            return read_json_lines(io.BytesIO(data), self._names, self._limits)
        except RejectedError as refusal:
            if says_it_all or refusal.reason not in _TOO_FEW or data.count(b"\n") >= FIRST:
                raise
            return None

    def learn(self, data: bytes) -> None:
        self.content(data[: self.used(data)], says_it_all=False)
