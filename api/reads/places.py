"""Where the numbers of an answered graph are drawn, worked out when somebody asks for it."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from graph.layout import positions
from graph.store.port import GraphAnswer, Key


class Places:
    """Positions of one answer's nodes."""

    def __init__(self, graph: GraphAnswer) -> None:
        self._graph = graph

    def of(self, key: Key) -> tuple[float, float]:
        """Give x and y of a node of the answer, 0 to 1."""
        return self._places[key]

    @cached_property
    def _places(self) -> dict[Key, tuple[float, float]]:
        keys = [node.key for node in self._graph.nodes]
        row = {key: at for at, key in enumerate(keys)}
        ties = _ties(self._graph)
        a = np.array([row[one] for one, _, _ in ties], dtype=np.int32)
        b = np.array([row[other] for _, other, _ in ties], dtype=np.int32)
        weight = np.array([weight for _, _, weight in ties], dtype=np.float64)
        drawn = positions([f"{key.operator} {key.number}" for key in keys], a, b, weight)
        return {key: (float(x), float(y)) for key, (x, y) in zip(keys, drawn, strict=True)}


def _ties(graph: GraphAnswer) -> list[tuple[Key, Key, float]]:
    """Give calls, by the logarithm of their count as a share of the most, and links by their weight, both 0 to 1."""
    most = max((edge.calls for edge in graph.edges), default=1)
    called = [(edge.caller, edge.callee, float(np.log1p(edge.calls) / np.log1p(most))) for edge in graph.edges]
    linked = [(link.a, link.b, link.weight) for link in graph.links]
    return [tie for tie in called + linked if tie[0] != tie[1]]
