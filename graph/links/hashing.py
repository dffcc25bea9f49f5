"""Keys that are the same on every machine and in every version: 64-bit hashes of short texts, vectorised."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Keys = npt.NDArray[np.int64]


def hash_texts(texts: pa.Array) -> Keys:
    """Give an int64 for each text; equal texts, and only by chance others, have equal keys.

    Eight bytes at a time are mixed in by splitmix64's finaliser (Steele, Lea, Flood 2014).
    """
    fixed = np.array(texts.cast(pa.binary()).to_numpy(zero_copy_only=False), dtype=np.bytes_)
    if fixed.size == 0:
        return np.empty(0, dtype=np.int64)
    words = -(-fixed.dtype.itemsize // 8)
    blocks = fixed.astype(f"S{words * 8}").view("<u8").reshape(len(fixed), words)
    state = np.zeros(len(fixed), dtype=np.uint64)
    for word in range(words):
        used = blocks[:, word] != 0  # padding must not count: it depends on the longest text
        state = np.where(used, _mix(state ^ blocks[:, word]), state)
    return state.view(np.int64)


def mixed(nodes: npt.NDArray[np.int32]) -> npt.NDArray[np.uint64]:
    """Give a number for each node by which to choose without favour: equal nodes have equal ones."""
    return _mix(nodes.astype(np.uint64))


def _mix(value: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    value = value + np.uint64(0x9E3779B97F4A7C15)
    value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return value ^ (value >> np.uint64(31))
