"""The pinned baseline: what pandas, networkx and scikit-learn make of the same calls, without a loop over rows.

    python -m tests.benchmarks.baseline ASKED.json

ASKED.json: `paths` (Parquet of canonical calls of one operator), `window` (µs, from and to), `night` and `office`
(local hours, from and to), `forest` (settings of the Isolation Forest), `compared` (feature of its table: whether it
is a share), `features` (Arrow file with that table), `seed` (of Louvain), `out` (folder). Prints one JSON object with
the figures of every step; features.parquet and scores.parquet in `out` are for the comparison. Nothing of the product
is imported.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
from sklearn.ensemble import IsolationForest

from tests.benchmarks.baseline_features import featured


def main() -> None:
    """Do every step, measured, and print its figures."""
    asked = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    out, steps = Path(asked["out"]), Steps()
    calls, numbers, features, pairs = steps.measured("features", lambda: featured(asked))
    graph = steps.measured("graph", lambda: pair_graph(len(numbers), pairs))
    found = steps.measured("communities", lambda: nx.community.louvain_communities(graph, seed=asked["seed"]))
    scores = steps.measured("forest", lambda: forest_scores(asked))
    features.insert(0, "number", numbers)
    features.to_parquet(out / "features.parquet", index=False)
    scores.to_frame("score").to_parquet(out / "scores.parquet", index=False)
    figures = {"calls": calls, "numbers": len(numbers), "features": features.shape[1] - 1, "pairs": len(pairs)}
    louvain = {"communities": len(found), "modularity": modularity(found, pairs)}
    print(json.dumps({**figures, **louvain, **steps.totals(), "stages": steps.figures}))


class Steps:
    """What each step took, in the order in which they were done."""

    def __init__(self) -> None:
        self.figures: dict[str, dict[str, float]] = {}

    def measured(self, name: str, step: Callable[[], Any]) -> Any:
        """Do a step; the memory is the most of the process until then."""
        began, spent = time.monotonic(), time.process_time()
        result = step()
        self.figures[name] = {
            "seconds": time.monotonic() - began,
            "cpu_seconds": time.process_time() - spent,
            "peak_rss_mb": peak_rss_mb(),
        }
        return result

    def totals(self) -> dict[str, float]:
        """Give sums over all steps and the most memory."""
        summed = ("seconds", "cpu_seconds")
        totals = {name: sum(step[name] for step in self.figures.values()) for name in summed}
        return {**totals, "peak_rss_mb": max(step["peak_rss_mb"] for step in self.figures.values())}


def pair_graph(count: int, pairs: pd.DataFrame) -> nx.Graph[int]:
    """Give who calls whom, weighted by calls, without direction."""
    ends = pairs[["caller", "callee"]].to_numpy()
    links = pd.DataFrame({"a": ends.min(axis=1), "b": ends.max(axis=1), "weight": pairs["calls"]})
    summed = links.groupby(["a", "b"])["weight"].sum().reset_index()
    graph: nx.Graph[int] = nx.from_pandas_edgelist(summed, "a", "b", edge_attr="weight")
    graph.add_nodes_from(range(count))
    return graph


def modularity(found: list[set[int]], pairs: pd.DataFrame) -> float:
    """Give the modularity of communities, rounded to six decimals."""
    of = pd.Series({node: at for at, members in enumerate(found) for node in members})
    one, other, weight = pairs["caller"].map(of), pairs["callee"].map(of), pairs["calls"]
    total = weight.sum()
    ends = weight.groupby(one).sum().add(weight.groupby(other).sum(), fill_value=0)
    return float(np.round(weight[one == other].sum() / total - ((ends / (2 * total)) ** 2).sum(), 6))


def forest_scores(asked: Mapping[str, Any]) -> pd.Series[float]:
    """Give how odd each number is, nothing for those with too few attempts."""
    settings = asked["forest"]
    table = pd.read_feather(asked["features"], columns=list({"attempts": True, **asked["compared"]}))
    ranked = table["attempts"] >= settings["min_attempts"]
    chosen = table.loc[ranked, list(asked["compared"])].dropna(axis=1, how="all")
    amounts = [name for name in chosen if not asked["compared"][name]]
    chosen[amounts] = np.log1p(chosen[amounts].clip(lower=0))
    filled = chosen.fillna(chosen.median()).to_numpy(np.float32)
    forest = IsolationForest(
        n_estimators=settings["trees"],
        max_samples=min(settings["sample"], len(filled)),
        random_state=settings["seed"],
        n_jobs=1,
    ).fit(filled)
    found = pd.Series(np.round(-forest.score_samples(filled), 9), index=chosen.index)
    return found.reindex(table.index)


def peak_rss_mb() -> float:
    """Give the most memory that this process held; getrusage tells of what it was forked from, too."""
    status = Path("/proc/self/status")
    if status.is_file():
        lines = dict(line.split(":", 1) for line in status.read_text(encoding="ascii").splitlines())
        return int(lines["VmHWM"].split()[0]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
