"""Neighbourhoods computed once, before anything is learnt: own values, then their means over one, two … hops."""

from __future__ import annotations

import numpy as np

from gnn.tensors import Adjacency, Matrix


def propagated(values: Matrix, adjacency: Adjacency, hops: int) -> Matrix:
    """Give [n, wide · (1 + 2 · hops)]: X, then AX, A²X … along calls, then the same against them (SIGN)."""
    count, wide = values.shape
    found = np.empty((count, wide * (1 + 2 * hops)), dtype=np.float32)
    found[:, :wide] = values
    at = wide
    for direction in (adjacency.out, adjacency.into):
        spread = values
        for _ in range(hops):
            spread = direction.mean @ spread
            found[:, at : at + wide] = spread
            at += wide
    return found
