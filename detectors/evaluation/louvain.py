"""How many rings the first method that comes to mind would find: Louvain on everybody's calls.

V. D. Blondel et al., Fast unfolding of communities in large networks, 2008, in networkx's version.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import networkx as nx
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from detectors.evaluation.ranking import rounded
from detectors.evaluation.rings import b_cubed
from detectors.evaluation.spread import spread

MOST_EDGES = 2_000_000  # networkx takes about a kilobyte and a minute for a million
MOST_REPEATED = 500_000  # edges up to which it is repeated over seeds
IntArray = npt.NDArray[np.int64]
B_CUBED = ("b_cubed_precision", "b_cubed_recall", "b_cubed_f1")


def ring_communities(edges: pa.Table, members: pa.Table, seeds: Sequence[int]) -> dict[str, Any]:
    """Give B³ of Louvain's communities over the ring members that had a call with anybody.

    `edges` has a and b (numbers, each pair once), `members` number and campaign. Every pair weighs the same. Of a large
    graph only the first of `seeds` is tried. None where no member had a call.
    """
    numbers, a, b = _nodes(edges)
    row = pc.index_in(members["number"], value_set=numbers)
    present = ~row.is_null().to_numpy()
    rings = members["campaign"].combine_chunks().dictionary_encode().indices.to_numpy()[present].astype(np.int64)
    chosen = seeds if len(edges) <= MOST_REPEATED else seeds[:1]
    graph, nodes = _graph(len(numbers), a, b), row.drop_null().to_numpy()
    trials = [_quality(rings, communities(graph, seed)[nodes]) for seed in chosen] if len(rings) else []
    figures = spread(trials) if trials else dict.fromkeys(B_CUBED)
    return {**figures, "draws": len(trials), "members": int(present.sum()), "edges": len(edges)}


def communities(graph: nx.Graph[int], seed: int) -> IntArray:
    """Give the community of each node of a graph on 0..n-1, [n]."""
    community = np.empty(len(graph), dtype=np.int64)
    for code, members in enumerate(nx.community.louvain_communities(graph, seed=seed)):
        community[list(members)] = code
    return community


def _quality(rings: IntArray, community: IntArray) -> dict[str, float]:
    precision, recall = (share or 0.0 for share in b_cubed(rings, community))
    return dict(zip(B_CUBED, (precision, recall, rounded(2 * precision * recall / (precision + recall))), strict=True))


def _graph(nodes: int, a: IntArray, b: IntArray) -> nx.Graph[int]:
    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(range(nodes))
    graph.add_edges_from(zip(a.tolist(), b.tolist(), strict=True))
    return graph


def _nodes(edges: pa.Table) -> tuple[pa.Array, IntArray, IntArray]:
    ends = pa.chunked_array([*edges["a"].chunks, *edges["b"].chunks], pa.string()).combine_chunks()
    numbers = pc.unique(ends).sort()
    rows = pc.index_in(ends, value_set=numbers).to_numpy().astype(np.int64)
    return numbers, rows[: len(edges)], rows[len(edges) :]
