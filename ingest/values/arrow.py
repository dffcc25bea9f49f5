"""Arrow columns as NumPy arrays where Arrow has no function for the matter."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Int64 = npt.NDArray[np.int64]
UInt64 = npt.NDArray[np.uint64]
Bools = npt.NDArray[np.bool_]
Codes = npt.NDArray[np.int16]  # of ingest.reasons


def whole(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    """Give a column as one array."""
    if isinstance(column, pa.ChunkedArray):
        return column.combine_chunks() if column.num_chunks != 1 else column.chunk(0)
    return column


def key_halves(keys: pa.Array | pa.ChunkedArray) -> tuple[UInt64, UInt64]:
    """Give 16-byte keys without nulls as (first, last) 8 bytes, big-endian, so that order is the order of the bytes."""
    array = whole(keys)
    raw = np.frombuffer(array.buffers()[1], dtype=">u8") if len(array) else np.empty(0, dtype=">u8")
    words = raw.reshape(-1, 2)[array.offset : array.offset + len(array)].astype(np.uint64)
    return words[:, 0], words[:, 1]


def ranks(column: pa.Array | pa.ChunkedArray) -> Int64:
    """Give for every text its place among the distinct texts of the column in byte order; nulls come last."""
    encoded = whole(column).dictionary_encode()
    places = np.empty(len(encoded.dictionary) + 1, dtype=np.int64)
    places[pc.sort_indices(encoded.dictionary).to_numpy()] = np.arange(len(encoded.dictionary))
    places[-1] = len(encoded.dictionary)
    found: Int64 = places[pc.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False)]
    return found
