"""How well planted groups are found, how long it takes, and what a start partition gains.

    python -m tests.benchmarks.communities [--only quality|speed|start|large]

Quality is the adjusted Rand index over `SEEDS`, lowest and median; times are CPU seconds of this process. `large` (a
million nodes, ten million links) takes minutes and about 6 GB and runs only when asked for. Prints one JSON object.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sys
import time
from collections.abc import Callable, Sequence
from statistics import median
from typing import Any

import numpy as np
from sklearn.metrics import adjusted_rand_score

from graph.communities import communities
from tests.graph.communities.planted import MIXED, Planted, planted

DEGREE = 18
SEEDS = range(5)
MIXINGS = (0.1, 0.2, 0.4, 0.5)
GROUPS = {"5": [5] * 800, "20": [20] * 200, "50": [50] * 80, "100": [100] * 40, "500": [500] * 8, "mixed": MIXED}
CHOSEN = None


def main() -> None:
    """Measure what was asked for."""
    parts: dict[str, Callable[[], Any]] = {"quality": quality, "speed": speed, "start": start, "large": large}
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=list(parts))
    only = parser.parse_args().only
    found: dict[str, Any] = {"load_average": os.getloadavg(), "cores": os.cpu_count()}
    for name in [only] if only else [part for part in parts if part != "large"]:
        print(f"{name} …", file=sys.stderr)
        found[name] = parts[name]()
    print(json.dumps(found | {"peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024}, indent=1))


def quality() -> dict[str, Any]:
    """ARI for each size of groups and each mixing."""
    return {size: {str(mixing): _qualities(GROUPS[size], mixing) for mixing in MIXINGS} for size in GROUPS}


def _qualities(sizes: Sequence[int], mixing: float) -> dict[str, Any]:
    networks = [planted(sizes, DEGREE, mixing, seed) for seed in SEEDS]
    hubs = [network.with_hubs(len(network.truth) // 200, 60, seed) for seed, network in enumerate(networks)]
    weighted = [network.with_weights(seed) for seed, network in enumerate(networks)]
    return {
        "chosen": _spread([_ari(network, CHOSEN) for network in networks]),
        "with_hubs": _spread([_ari(network, CHOSEN) for network in hubs]),
        "with_weights": _spread([_ari(network, CHOSEN) for network in weighted]),
        "constant_potts": _spread([_ari(network, CHOSEN, form="constant_potts") for network in networks]),
        "modularity_at_1": _spread([_ari(network, 1.0) for network in networks]),
    }


def _ari(network: Planted, resolution: float | None, **options: Any) -> float:
    return float(adjusted_rand_score(network.truth, _found(network, resolution, **options)))


def _found(network: Planted, resolution: float | None, **options: Any) -> np.ndarray[Any, Any]:
    return communities(len(network.truth), network.a, network.b, network.weight, resolution, 20, **options)


def _spread(values: Sequence[float]) -> list[float]:
    return [round(min(values), 3), round(median(values), 3)]


def speed() -> dict[str, Any]:
    """100,000 nodes in groups of 50 with 0.9M links."""
    network = planted([50] * 2_000, DEGREE, 0.2, seed=1)
    return {"links": len(network.a)} | {
        str(resolution): _timed(network, resolution) for resolution in (1.0, 20.0, CHOSEN)
    }


def large() -> dict[str, Any]:
    """1M nodes in groups of 50 with 10M links, at one resolution."""
    network = planted([50] * 20_000, 20, 0.2, seed=1)
    return {"links": len(network.a), "20.0": _timed(network, 20.0)}


def _timed(network: Planted, resolution: float | None, **options: Any) -> dict[str, Any]:
    began = time.process_time()
    found = _found(network, resolution, **options)
    seconds = time.process_time() - began
    return {"cpu_s": round(seconds, 2), "ari": round(float(adjusted_rand_score(network.truth, found)), 4)}


def start() -> dict[str, Any]:
    """1 % of the links tied anew: who stays with whom, with and without yesterday's communities."""
    return {str(mixing): _overnight(mixing) for mixing in MIXINGS}


def _overnight(mixing: float) -> dict[str, Any]:
    yesterday = planted(MIXED * 3, DEGREE, mixing, seed=1)
    before, today = _found(yesterday, CHOSEN), yesterday.with_changes(0.01, seed=2)
    return {
        "repeats": bool(np.array_equal(before, _found(yesterday, CHOSEN))),
        "without": _timed(today, CHOSEN) | {"stay": _stay(before, _found(today, CHOSEN))},
        "with": _timed(today, CHOSEN, start=before) | {"stay": _stay(before, _found(today, CHOSEN, start=before))},
    }


def _stay(before: np.ndarray[Any, Any], after: np.ndarray[Any, Any]) -> float:
    """Share of nodes whose community is the one that holds most of their former community."""
    pairs, count = np.unique(np.stack([before, after]), axis=1, return_counts=True)
    most = np.zeros(before.max() + 1, dtype=np.int64)
    np.maximum.at(most, pairs[0], count)
    return round(float(most.sum() / len(before)), 4)


if __name__ == "__main__":
    main()
