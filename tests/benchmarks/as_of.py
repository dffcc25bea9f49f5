"""Latency of as-of neighbourhoods at the store: two hops, at most 500 nodes, at random instants of a home's lake.

python -m tests.benchmarks.as_of --home DIR [--count N] [--days D] [--depth H]
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import time
from pathlib import Path
from typing import Any

import numpy as np

from api.server import settled
from api.wiring import shown
from configs import load_settings
from graph.as_of import default_as_of
from graph.store.as_of import ask_as_of
from graph.store.embedded import EmbeddedStore
from graph.store.port import GraphAnswer, GraphStore, Key
from graph.windows import DAY, Window
from ingest.home import Home
from ingest.lake.lake import Lake
from ingest.lake.pair_parts import PairParts
from tests.benchmarks.stores import in_front, roots

_NODES, _EDGES = 500, 1000


def main() -> None:
    """Ask, measure, and print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--days", type=int, default=30, help="length of the window")
    parser.add_argument("--depth", type=int, default=2)
    options = parser.parse_args()
    load = os.getloadavg()
    lake, run = Lake(Home(options.home)), EmbeddedStore(shown(*in_front(options.home)))
    pairs = PairParts(lake, load_settings(options.home).features.night_local_h)
    questions = list(zip(roots(options.home, options.count), _windows(lake, options.count, options.days), strict=True))
    first = _asked(pairs, run, *questions[0], options.depth)
    for key, window in questions[:20]:
        _asked(pairs, run, key, window, options.depth)
    gc.collect()
    with settled():  # as the server does
        rows = [_asked(pairs, run, key, window, options.depth) for key, window in questions]
    print(
        json.dumps(
            {
                "settings": {name: str(value) for name, value in vars(options).items()},
                "load_average": load,
                "lake_calls": sum(segment.rows for segment in lake.segments()),
                "first_ms": round(first[0], 1),
                "wall_ms": _spread([row[0] for row in rows]),
                "cpu_ms": _spread([row[1] for row in rows]),
                "nodes": _spread([float(len(row[2].nodes)) for row in rows]),
                "edges": _spread([float(len(row[2].edges)) for row in rows]),
            },
            indent=1,
        )
    )


def _windows(lake: Lake, count: int, days: int) -> list[Window]:
    """Give windows that end at random instants of the lake's time; seeded."""
    first = min(segment.first_started for segment in lake.segments())
    ends = np.random.default_rng(11).integers(first + DAY, default_as_of(lake), count)
    return [Window(max(int(end) - days * DAY, 0), int(end)) for end in ends]


def _asked(pairs: PairParts, run: GraphStore, key: Key, window: Window, depth: int) -> tuple[float, float, GraphAnswer]:
    wall, cpu = time.monotonic(), time.process_time()
    answer = ask_as_of(pairs, window, run, lambda graph: graph.neighbourhood([key], depth, _NODES, _EDGES)).found
    return (time.monotonic() - wall) * 1000, (time.process_time() - cpu) * 1000, answer


def _spread(values: list[float]) -> dict[str, Any]:
    return {name: round(float(np.percentile(values, at)), 1) for name, at in (("p50", 50), ("p95", 95), ("max", 100))}


if __name__ == "__main__":
    main()
