"""Latencies of the store port itself, without a server around it, on the run in front of a home.

    python -m tests.benchmarks.stores HOME [--neo4j] [--questions N]

Prints one JSON object: p50, p95 and the largest, in wall milliseconds, of each question, one at a time, warm; and p95
of this process's own CPU milliseconds, which a busy machine does not change (the embedded store's whole work). With
--neo4j the same questions go to the graph database that RINGFENCE_NEO4J_URI names, which must show the same run
(`ringfence rescore --store neo4j --home HOME` publishes it).
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import quantiles
from typing import Any

import numpy as np

from api import pipeline
from api.server import settled
from api.wiring import connect_neo4j, shown
from configs import load_settings
from detectors.results import Results
from graph.snapshot import Snapshot
from graph.store.embedded import EmbeddedStore
from graph.store.neo4j import Neo4jStore
from graph.store.port import MAX_HOPS, GraphStore, Key, Wanted
from ingest.home import Home

Question = Callable[[GraphStore], object]
WARM_UP = 20  # questions of each kind before the first that counts


def main() -> None:
    """Measure and print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("home", type=Path)
    parser.add_argument("--neo4j", action="store_true", help="also measure Neo4j at RINGFENCE_NEO4J_URI")
    parser.add_argument("--questions", type=int, default=200)
    options = parser.parse_args()
    home: Path = options.home
    asked = roots(home, options.questions)
    found: dict[str, Any] = {"load_average": os.getloadavg(), "cores": os.cpu_count(), "graph": counts(home)}
    for store in ("embedded", "neo4j") if options.neo4j else ("embedded",):
        found[store] = latencies(home, store, asked)
    found["load_average_after"] = os.getloadavg()
    print(json.dumps(found, indent=1))


def latencies(home: Path, store: str, asked: Sequence[Key]) -> dict[str, Any]:
    """Give the spread of the milliseconds of each kind of question, and how many paths have how many hops."""
    opened = _open(home, store)
    try:
        with settled():  # as the server does
            found: dict[str, Any] = {name: _spreads(opened, kind) for name, kind in questions(asked).items()}
        paths = [opened.path(a, b, MAX_HOPS) for a, b in ends(asked)]
        found["paths_by_hops"] = dict(
            sorted(Counter(str(len(path.nodes) - 1) if path else "none" for path in paths).items())
        )
        return found
    finally:
        opened.close()


def questions(asked: Sequence[Key]) -> Mapping[str, Sequence[Question]]:
    """Give the questions by their kind; seeded, so that stores are asked the same."""
    wanted = Wanted(min_calls=2, min_risk=10.0)
    groups = [asked[place : place + 5] for place in range(len(asked))]
    return {
        "lookup_ms": [lambda store, key=key: store.lookup([key]) for key in asked],
        "two_hops_ms": [lambda store, key=key: store.neighbourhood([key], 2, 500, 1000) for key in asked],
        "path_ms": [lambda store, pair=pair: store.path(*pair, MAX_HOPS) for pair in ends(asked)],
        "directed_path_ms": [lambda store, pair=pair: store.path(*pair, MAX_HOPS, True) for pair in ends(asked)],
        "neighbours_ms": [lambda store, key=key: store.neighbours(key, "out", 50) for key in asked],
        "filtered_neighbours_ms": [lambda store, key=key: store.neighbours(key, "in", 50, wanted) for key in asked],
        "kinds_ms": [lambda store, key=key: store.kinds(key, wanted) for key in asked],
        "shared_callees_ms": [lambda store, keys=keys: store.shared_callees(keys, 50) for keys in groups],
        "subgraph_ms": [lambda store, keys=keys: store.subgraph(keys, 1000) for keys in groups],
    }


def ends(asked: Sequence[Key]) -> list[tuple[Key, Key]]:
    """Give pairs of numbers, each in two: risky with risky, risky with any, any with any."""
    order = np.random.default_rng(11).permutation(len(asked))
    return [(key, asked[int(other)]) for key, other in zip(asked, order, strict=True)]


def _spreads(store: GraphStore, asked: Sequence[Question]) -> dict[str, float]:
    took = _timed(store, asked)
    cpu = spread([cpu_ms for _, cpu_ms in took])
    return {**spread([wall_ms for wall_ms, _ in took]), "cpu_p95": cpu["p95"]}


def _timed(store: GraphStore, asked: Sequence[Question]) -> list[tuple[float, float]]:
    """Give wall and CPU milliseconds of each question."""
    for question in asked[:WARM_UP]:
        question(store)
    return [_milliseconds(store, question) for question in asked]


def _milliseconds(store: GraphStore, question: Question) -> tuple[float, float]:
    began, cpu = time.monotonic(), time.thread_time()
    question(store)
    return (time.monotonic() - began) * 1000, (time.thread_time() - cpu) * 1000


def spread(milliseconds: list[float]) -> dict[str, float]:
    """Give p50, p95 and the largest, in ms."""
    cuts = quantiles(milliseconds, n=100)
    return {"p50": round(cuts[49], 2), "p95": round(cuts[94], 2), "max": round(max(milliseconds), 2)}


def counts(folder: Path) -> dict[str, int]:
    """Give how many numbers, edges and calls the run in front has."""
    return dict(in_front(folder)[0].manifest["counts"])


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
        with settled():  # as the server does
            return [wall_ms for wall_ms, _ in _timed(opened, questions(asked)["two_hops_ms"])]
    finally:
        opened.close()


def _open(home: Path, store: str) -> GraphStore:
    if store == "neo4j":
        return Neo4jStore(connect_neo4j(), load_settings(home).neo4j)
    return EmbeddedStore(shown(*in_front(home)))


if __name__ == "__main__":
    main()
