"""Links among those who are worth looking at."""

from __future__ import annotations

import numpy as np

from api.bench.ground import Ground, Told, Work
from detectors.campaigns.candidates import Gate, candidates
from detectors.scoring import score_numbers
from graph.links.candidate_calls import window_source
from graph.links.exact import exact_links


def links(ground: Ground) -> Work:
    """Candidates, then the exact links of every reason among them; scores are prepared."""
    graph, settings = ground.snapshot(), ground.settings
    scored = score_numbers(graph, settings)
    gate = Gate(scored.fused.holds, scored.base, np.zeros(len(graph.numbers), dtype=bool))
    share, per_key = settings.campaigns.candidate_share, settings.links.max_callers_per_victim
    source = window_source(ground.home, graph)

    def work() -> Told:
        chosen = candidates(gate, graph.link_keys, share, per_key).nodes
        exact = exact_links(source, graph, chosen, settings.links, settings.features)
        return lambda: {"candidates": len(chosen), "links": sum(len(of.a) for of in exact.links)}

    return work
