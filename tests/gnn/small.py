"""Small snapshots of drawn calls, with features that follow from them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa

from configs import EncoderSettings
from graph.features.catalogue import BY_NAME
from graph.snapshot import EDGES, LINK_KEYS, NUMBERS, Snapshot, write_snapshot

NAMES = ("attempts", "callees", "callers", "received", "asr", "acd", "ring_seconds")
SETTINGS = EncoderSettings(mode="sage", dims=8, hops=2, epochs=10, seed=20)


def snapshot(folder: Path, count: int = 60, ties: int = 240, seed: int = 1, names: tuple[str, ...] = NAMES) -> Snapshot:
    """Write a snapshot of `count` numbers of which a few have most ties; those who call nobody lack asr and acd."""
    rng = np.random.default_rng(seed)
    ends = np.unique(np.sort(rng.zipf(1.5, (ties, 2)) % count, axis=0), axis=0)
    edges = edge_table(ends[:, 0], ends[:, 1], rng)
    columns = {name: column(name, edges, count, rng) for name in names}
    return written(folder, f"s{seed}", count, columns, edges)


def edge_table(callers: np.ndarray, callees: np.ndarray, rng: np.random.Generator) -> pa.Table:
    """Give EDGES of pairs that are sorted and different."""
    size = len(callers)
    calls = rng.integers(1, 20, size)
    answered = rng.binomial(calls, 0.7)
    seen = np.zeros(size, np.int64)
    columns = (callers, callees, calls, answered, answered * 60_000, rng.binomial(calls, 0.1), seen, seen)
    return pa.table([pa.array(c, f.type) for c, f in zip(columns, EDGES, strict=True)], schema=EDGES)


def column(name: str, edges: pa.Table, count: int, rng: np.random.Generator) -> pa.Array:
    """Give a column: counts from the edges, nothing at all for ring_seconds, the others drawn for whoever calls."""
    assert name in BY_NAME
    ends = {"attempts": "caller", "callees": "caller", "callers": "callee", "received": "callee"}
    out = np.bincount(edges["caller"].to_numpy(), minlength=count)
    if name in ends:
        nodes = edges[ends[name]].to_numpy()
        weights = edges["calls"].to_numpy() if name in ("attempts", "received") else None
        return pa.array(np.bincount(nodes, weights, count).astype(float))
    if name == "ring_seconds":
        return pa.nulls(count, pa.float64())
    return pa.array(rng.random(count), mask=out == 0)


def written(folder: Path, name: str, count: int, columns: dict[str, pa.Array], edges: pa.Table) -> Snapshot:
    """Write and open a snapshot of these tables."""
    place = folder / name
    place.mkdir(parents=True)
    digits = [f"+49{node:09d}" for node in range(count)]
    texts = [["op"] * count, digits, ["e164"] * count, *[[None] * count] * 3, [0] * count, [0] * count]
    numbers = pa.table([pa.array(t, f.type) for t, f in zip(texts, NUMBERS, strict=True)], schema=NUMBERS)
    manifest = {
        "id": name,
        "window": {"start": 0, "end": 1},
        "version": 2,
        "settings": {"features": {"callback_h": 24}},
    }
    write_snapshot(place, manifest, numbers, pa.table(columns), edges, LINK_KEYS.empty_table())
    return Snapshot(place)
