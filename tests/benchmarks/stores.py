"""Latency of the store port itself, without a server around it."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np

from api import pipeline
from api.server import settled
from api.wiring import connect_neo4j, shown
from configs import load_settings
from detectors.results import Results
from graph.snapshot import Snapshot
from graph.store.embedded import EmbeddedStore
from graph.store.neo4j import Neo4jStore
from graph.store.port import GraphStore, Key
from ingest.home import Home


def in_front(folder: Path) -> tuple[Snapshot, Results]:
    """Give the tables of the run in front of a home."""
    home = Home(folder)
    row = pipeline.current(home)
    assert row is not None, "there is a run"
    return Snapshot(home.snapshots / row.snapshot_id), Results(home.results / row.run_id)


def roots(home: Path, count: int) -> list[Key]:
    """Give numbers to ask for: half of them the riskiest, half at random; seeded, so that stores are asked the same."""
    snapshot, results = in_front(home)
    risky = np.argsort(-results.scores["risk"].to_numpy(), kind="stable")[: count // 2]
    drawn = np.random.default_rng(7).integers(0, len(snapshot.numbers), count - len(risky))
    operators, numbers = snapshot.numbers["operator"], snapshot.numbers["number"]
    return [Key(operators[int(n)].as_py(), numbers[int(n)].as_py()) for n in np.concatenate([risky, drawn])]


def neighbourhood_ms(home: Path, store: str, asked: list[Key]) -> list[float]:
    """Give the milliseconds of each two-hop question (≤500 nodes, ≤1,000 edges), warm."""
    opened = _open(home, store)
    try:
        for root in asked[:20]:
            _once(opened, root)
        with settled():  # as the server does
            return [_once(opened, root) for root in asked]
    finally:
        opened.close()


def _open(home: Path, store: str) -> GraphStore:
    if store == "neo4j":
        return Neo4jStore(connect_neo4j(), load_settings(home).neo4j)
    return EmbeddedStore(shown(*in_front(home)))


def _once(store: GraphStore, root: Key) -> float:
    began = time.monotonic()
    store.neighbourhood([root], 2, 500, 1000)
    return (time.monotonic() - began) * 1000
