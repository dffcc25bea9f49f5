"""A real graph database for a test: connected, emptied, published to."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from configs import Neo4jSettings, load_settings
from graph.store.neo4j_driver import Neo4j, connect
from tests.neo4j.server import Neo4jServer


def neo4j_settings(batch_rows: int = 100) -> Neo4jSettings:
    """Give the product's settings with small batches, so that small graphs need several."""
    return load_settings().neo4j.model_copy(update={"batch_rows": batch_rows, "read_timeout_s": 30.0})


@contextmanager
def emptied(server: Neo4jServer) -> Iterator[Neo4j]:
    """Give connections to a server that holds nothing."""
    neo4j = connect(server.uri, server.user, server.password)
    try:
        neo4j.write_in_batches("MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 5000 ROWS", {})
        yield neo4j
    finally:
        neo4j.close()
