"""Numbers of fixed width as text, by columns."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from ingest.simulator.randomness import IntArray

Bytes = npt.NDArray[np.uint8]


def fixed_width(values: IntArray, width: int) -> pa.StringArray:
    """Give each number with leading zeros, `width` digits wide; all must fit."""
    return text_of(_digits(values, width) + np.uint8(ord("0")))


def luhn(values: IntArray, width: int) -> pa.StringArray:
    """Give each number, `width` digits wide, and its Luhn check digit (ISO/IEC 7812-1)."""
    digits = _digits(values, width)
    doubled = digits[:, width - 1 :: -2] * 2
    total = (doubled // 10 + doubled % 10).sum(axis=1) + digits[:, width - 2 :: -2].sum(axis=1)
    check = ((10 - total % 10) % 10).astype(np.uint8)
    return text_of(np.column_stack((digits, check)) + np.uint8(ord("0")))


def text_of(characters: Bytes) -> pa.StringArray:
    """Give each row of ASCII characters, [n, width], as one text."""
    count, width = characters.shape
    ends = np.arange(count + 1, dtype=np.int32) * np.int32(width)
    return pa.StringArray.from_buffers(count, pa.py_buffer(ends), pa.py_buffer(np.ascontiguousarray(characters)))


def _digits(values: IntArray, width: int) -> Bytes:
    digits = np.empty((len(values), width), dtype=np.uint8)
    left = values
    for place in range(width - 1, -1, -1):
        left, digits[:, place] = np.divmod(left, 10)
    return digits
