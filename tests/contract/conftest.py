"""Each drawn graph once in both stores, for all tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from graph.store.embedded import EmbeddedStore
from graph.store.neo4j import Neo4jStore
from graph.store.port import GraphStore
from graph.store.publish import publish
from ingest.progress import Silent
from tests.contract.both import Both
from tests.contract.graphs import GRAPHS
from tests.contract.published import emptied, neo4j_settings
from tests.neo4j.server import Neo4jServer


@pytest.fixture(scope="package", params=GRAPHS)
def both(
    request: pytest.FixtureRequest, neo4j_server: Neo4jServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Both]:
    """Give one graph in both stores; tests of one graph run together."""
    drawing = GRAPHS[request.param]()
    shown = drawing.shown(tmp_path_factory.mktemp(request.param))
    with emptied(neo4j_server) as neo4j:
        publish(neo4j, shown, neo4j_settings(), Silent())
        yield Both(drawing, EmbeddedStore(shown), Neo4jStore(neo4j, neo4j_settings()))


@pytest.fixture(params=["embedded", "neo4j"])
def store(request: pytest.FixtureRequest, both: Both) -> GraphStore:
    """Give one store and then the other."""
    return both.embedded if request.param == "embedded" else both.neo4j
