"""Communities of everybody's calls, as the baseline's Louvain finds them."""

from __future__ import annotations

import numpy as np

from api.bench.ground import Ground, Told, Work
from api.bench.modularity import modularity
from graph import communities as found

RESOLUTION = 1.0  # plain modularity, which Louvain looks for


def communities(ground: Ground) -> Work:
    """Communities in the graph of who calls whom, weighted by calls, without direction; edges are on disk."""
    graph, seed = ground.snapshot(), ground.settings.communities.seed
    graph.edges["calls"].slice(0, 0).to_numpy()  # Arrow imports pandas only now, which is no part of the stage

    def work() -> Told:
        a, b, calls = (graph.edges[name].to_numpy() for name in ("caller", "callee", "calls"))
        weight = calls.astype(np.float64)
        label = found.communities(len(graph.numbers), a, b, weight, RESOLUTION, seed)
        return lambda: {"communities": int(label.max()) + 1, "modularity": modularity(label, a, b, weight)}

    return work
