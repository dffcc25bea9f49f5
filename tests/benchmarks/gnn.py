"""What learning and embedding cost on a drawn graph: CPU seconds of an epoch and of all embeddings, and peak memory.

python -m tests.benchmarks.gnn [--numbers N] [--edges M] [--features F] [--mode sage|decoupled] [--epochs E]

One mode a process, so that the peak of memory is its own. Callees are drawn by a power law, callers evenly.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from configs import EncoderSettings, load_settings
from gnn.embed import embed
from gnn.train import train
from graph.features.catalogue import FEATURES, PROTOTYPE
from graph.snapshot import EDGES, LINK_KEYS, NUMBERS, Snapshot, write_snapshot
from ingest.progress import Silent

SEED = 1
EXPONENT = 1.5  # of the tail of in-degrees, as calls to few busy numbers have it
SHARE_UNKNOWN = 0.4  # of a feature's values


def main() -> None:
    """Draw the graph, learn a little, embed, and print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--numbers", type=int, default=1_000_000)
    parser.add_argument("--edges", type=int, default=10_000_000)
    parser.add_argument("--features", type=int, default=32)
    parser.add_argument("--mode", choices=["sage", "decoupled"], default="sage")
    parser.add_argument("--epochs", type=int, default=4, help="at least 2: the time is taken between their ends")
    options = parser.parse_args()
    load = os.getloadavg()
    with TemporaryDirectory() as scratch:
        made = draw(Path(scratch), options.numbers, options.edges, options.features)
        chosen = load_settings().gnn.model_copy(update={"mode": options.mode, "epochs": options.epochs})
        figures = measure(made, chosen)
    print(json.dumps({**vars(options), "edges": made.manifest["counts"]["edges"], "load_average": load, **figures}))


def measure(made: Snapshot, settings: EncoderSettings) -> dict[str, Any]:
    """Give CPU seconds: embedding is the whole way from the snapshot's files to vectors, once by a learnt model."""
    started = peak_mb()
    clock = Clock()
    trained = train(made, settings, clock)
    learnt = peak_mb()
    began = time.process_time()
    vectors, said = embed(Snapshot(made.folder), trained.checkpoint)
    return {
        "device": said["device"],
        "inputs": trained.checkpoint.scaling.width,
        "dims": vectors.shape[1],
        "learning_cpu_s": round(trained.cpu_seconds, 1),
        "epoch_cpu_s": round(statistics.median(np.diff(clock.ticks)), 2),
        "embedding_cpu_s": round(time.process_time() - began, 1),
        "peak_rss_mb": {"graph_drawn": started, "learnt": learnt, "embedded": peak_mb()},
    }


class Clock(Silent):
    """CPU seconds of the process at the end of each epoch."""

    def __init__(self) -> None:
        self.ticks: list[float] = []

    def advance(self, n: int) -> None:
        """Take the time."""
        self.ticks.append(time.process_time())


def draw(folder: Path, count: int, ties: int, features: int) -> Snapshot:
    """Write a snapshot of about `ties` different pairs (those drawn twice are one) and `features` drawn columns."""
    rng = np.random.default_rng(SEED)
    pairs = np.unique(rng.integers(0, count, ties) * count + skewed(rng, count, ties))
    edges = edge_table(pairs // count, pairs % count, rng)
    names = [feature.name for feature in FEATURES if feature.name not in PROTOTYPE][:features]
    columns = {name: column(rng, count) for name in names}
    manifest = {"id": f"drawn-{count}-{ties}-{features}", "window": {"start": 0, "end": 1}}
    write_snapshot(folder, manifest, number_table(count), pa.table(columns), edges, LINK_KEYS.empty_table())
    return Snapshot(folder)


def skewed(rng: np.random.Generator, count: int, ties: int) -> npt.NDArray[np.int64]:
    """Draw callees: the share of one falls as a power of its rank; ranks are spread over the nodes."""
    weights = np.arange(1, count + 1, dtype=np.float64) ** (-1 / EXPONENT)
    ranks = np.searchsorted(np.cumsum(weights) / weights.sum(), rng.random(ties))
    return rng.permutation(count)[np.minimum(ranks, count - 1)].astype(np.int64)


def edge_table(callers: npt.NDArray[np.int64], callees: npt.NDArray[np.int64], rng: np.random.Generator) -> pa.Table:
    """Give EDGES of sorted pairs."""
    calls = rng.geometric(0.4, len(callers))
    answered, night = rng.binomial(calls, 0.7), rng.binomial(calls, 0.1)
    seen = np.zeros(len(callers), np.int64)
    columns = (callers, callees, calls, answered, answered * 60_000, night, seen, seen)
    return pa.table([pa.array(c, f.type) for c, f in zip(columns, EDGES, strict=True)], schema=EDGES)


def column(rng: np.random.Generator, count: int) -> pa.Array:
    """Give drawn values with a long tail, some of them unknown."""
    return pa.array(rng.lognormal(size=count), mask=rng.random(count) < SHARE_UNKNOWN)


def number_table(count: int) -> pa.Table:
    """Give NUMBERS in order."""
    digits = np.char.add("+49", np.char.zfill(np.arange(count).astype(str), 10))
    filled = {"operator": ["op"] * count, "number": digits, "kind": ["e164"] * count}
    seen = {"first_seen": np.zeros(count, np.int64), "last_seen": np.zeros(count, np.int64)}
    columns = {**{name: [None] * count for name in NUMBERS.names}, **filled, **seen}
    return pa.table([pa.array(columns[f.name], f.type) for f in NUMBERS], schema=NUMBERS)


def peak_mb() -> float:
    """Give the most memory that this process has had so far."""
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


if __name__ == "__main__":
    main()
