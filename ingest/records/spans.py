"""Spans of a block of bytes: what stands in them, and what is wrong with it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from ingest.records.chunk import RAW_BYTES
from ingest.values.arrow import Bools, Int64

Bytes = npt.NDArray[np.uint8]


def joined(data: bytes, starts: Int64, ends: Int64) -> bytes:
    """Give the bytes of ascending spans that do not overlap, one after the other."""
    steps = np.zeros(len(data) + 1, dtype=np.int8)
    steps[starts] += 1
    steps[ends] -= 1
    inside = np.cumsum(steps[:-1], dtype=np.int8).astype(bool)
    return bytes(np.frombuffer(data, dtype=np.uint8)[inside])


def as_binary(data: bytes, starts: Int64, ends: Int64) -> pa.Array:
    """Give ascending spans that do not overlap as a column of bytes."""
    if not len(starts):
        return pa.array([], pa.binary())
    offsets = np.concatenate([[0], np.cumsum(ends - starts)]).astype(np.int32)
    text = joined(data, starts, ends)
    return pa.Array.from_buffers(pa.binary(), len(starts), [None, pa.py_buffer(offsets), pa.py_buffer(text)])


def clipped(data: bytes, starts: Int64, ends: Int64) -> pa.Array:
    """Give the first RAW_BYTES of each of ascending spans that do not overlap."""
    return as_binary(data, starts, np.minimum(ends, starts + RAW_BYTES))


def holding(places: Int64, starts: Int64, ends: Int64) -> Bools:
    """Give for each span whether any of ascending places lies in it."""
    found: Bools = np.searchsorted(places, ends) > np.searchsorted(places, starts)
    return found


def not_utf8(data: Bytes, starts: Int64, ends: Int64) -> Bools:
    """Give for each span whether it is something else than UTF-8."""
    bad = np.zeros(len(starts), dtype=bool)
    text = data.tobytes()
    if is_utf8(text):
        return bad
    doubtful = np.flatnonzero(holding(np.flatnonzero(data >= 0x80), starts, ends))
    spans = zip(starts[doubtful].tolist(), ends[doubtful].tolist(), strict=True)
    bad[doubtful] = [not is_utf8(text[start:end]) for start, end in spans]
    return bad


def is_utf8(text: bytes) -> bool:
    """Say whether bytes are UTF-8."""
    try:
        text.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
