"""One graph in both stores, and the keys to ask for."""

from __future__ import annotations

from dataclasses import dataclass

from graph.store.port import GraphStore, Key
from tests.contract.graphs import Drawing

STRANGE = [
    Key("lk", "+9499999"),
    Key("lk", ""),
    Key("", "+94100"),
    Key("lk", "é"),
    Key("lk +94100", ""),
    Key("l", "k 1"),
]
LIMITS = (0, 1, 7, 1_000)


@dataclass(frozen=True)
class Both:
    """One graph in both stores."""

    drawing: Drawing
    embedded: GraphStore
    neo4j: GraphStore

    @property
    def stores(self) -> tuple[GraphStore, GraphStore]:
        """Both stores."""
        return self.embedded, self.neo4j


def some(drawing: Drawing) -> list[Key]:
    """Give the first, the last and a few keys between, and one that is not there."""
    keys = drawing.keys()
    return [*keys[:: max(1, len(keys) // 4)], *keys[-1:], Key("lk", "+9499999")]
