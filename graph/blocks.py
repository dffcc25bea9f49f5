"""Rows of which each grows into several: taken in blocks, so that what grows out of them stays bounded."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

Integers = npt.NDArray[np.int64]


def cuts(counts: Integers, block: int) -> Iterator[tuple[int, int]]:
    """Give spans of rows with at most `block` in all, or a single row with more; `counts`: what grows out of each."""
    total = np.cumsum(counts)
    begin = 0
    while begin < len(counts):
        done = total[begin - 1] if begin else 0
        end = max(int(np.searchsorted(total, done + block, side="right")), begin + 1)
        yield begin, end
        begin = end


def grown(starts: Integers, counts: Integers) -> tuple[Integers, Integers]:
    """Give the row, 0 … len - 1, and the place of everything that rows grow into.

    Row i grows into the places starts[i], starts[i] + 1 … starts[i] + counts[i] - 1, as the edges of a node do in
    compressed rows.
    """
    row = np.repeat(np.arange(len(counts)), counts)
    return row, np.arange(len(row)) + np.repeat(starts - np.cumsum(counts) + counts, counts)
