"""Sizes in the footer of a Parquet file.

They are read here, since pyarrow ends the process where it is asked for a column chunk whose metadata disagree.
Source: Apache Thrift, "Thrift Compact protocol encoding"; Apache Parquet, parquet.thrift.
"""

from __future__ import annotations

import os
from typing import IO, Any

_ROW_GROUPS, _CHUNKS, _METADATA, _UNPACKED = 4, 1, 3, 6  # fields: of the file, a row group, a chunk, its metadata
_TRUE, _FALSE, _BYTE, _I16, _I32, _I64, _DOUBLE, _BINARY, _LIST, _SET, _MAP, _STRUCT = range(1, 13)
_WIDTHS = {_TRUE: 1, _FALSE: 1, _BYTE: 1, _DOUBLE: 8}  # no part of a footer is a map


def unpacked_sizes(stream: IO[bytes]) -> list[int]:
    """Give the bytes of every column of every row group when unpacked, of a file whose footer Arrow has read.

    Raises ValueError where the footer does not say them.
    """
    stream.seek(-8, os.SEEK_END)
    length = int.from_bytes(stream.read(4), "little")
    stream.seek(-8 - length, os.SEEK_END)
    try:
        file = _Footer(stream.read(length)).struct()
        return [int(chunk[_METADATA][_UNPACKED]) for group in file[_ROW_GROUPS] for chunk in group[_CHUNKS]]
    except (IndexError, KeyError, TypeError):
        raise ValueError("the footer does not say how large the columns are") from None


class _Footer:
    """Reads values one after the other."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0

    def struct(self) -> dict[int, Any]:
        """Give the fields of a structure by their numbers."""
        fields: dict[int, Any] = {}
        number = 0
        while head := self._byte():
            number = number + (head >> 4) if head >> 4 else self._integer()
            kind = head & 15
            fields[number] = kind == _TRUE if kind in (_TRUE, _FALSE) else self._value(kind)
        return fields

    def _value(self, kind: int) -> object:
        if kind in (_I16, _I32, _I64):
            return self._integer()
        if kind in (_LIST, _SET):
            return self._list()
        if kind == _STRUCT:
            return self.struct()
        skipped = self._natural() if kind == _BINARY else _WIDTHS[kind]
        self._at += skipped
        return None  # nobody asks

    def _list(self) -> list[object]:
        head = self._byte()
        count = head >> 4 if head >> 4 < 15 else self._natural()
        return [self._value(head & 15) for _ in range(count)]

    def _integer(self) -> int:
        value = self._natural()
        return (value >> 1) ^ -(value & 1)

    def _natural(self) -> int:
        value = shift = 0
        while (byte := self._byte()) > 127:
            value |= (byte & 127) << shift
            shift += 7
        return value | byte << shift

    def _byte(self) -> int:
        self._at += 1
        return self._data[self._at - 1]
