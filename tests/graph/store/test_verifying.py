"""Whatever is wrong with a row that was written is found before anybody may read it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from graph.store.neo4j_driver import Neo4j
from graph.store.publish import publish
from graph.store.verifying import SAMPLE
from graph.store.writing import PublishError
from ingest.progress import Silent
from tests.contract.graphs import random_graph
from tests.contract.published import emptied, neo4j_settings
from tests.neo4j.server import Neo4jServer

pytestmark = pytest.mark.neo4j


@pytest.fixture
def neo4j(neo4j_server: Neo4jServer) -> Iterator[Neo4j]:
    with emptied(neo4j_server) as neo4j:
        yield neo4j


SPOILED = {
    "a verdict": "MATCH (n:Number {key: 'lk +940001'}) SET n.verdict = 'SUSPICIOUS'",
    "a risk": "MATCH (n:Number {key: 'lk +940001'}) SET n.risk = n.risk + 2",
    "a text": "MATCH (n:Number {key: 'lk +940001'}) SET n.carrier = 'Somebody else'",
    "a time": "MATCH (n:Number {key: 'lk +940001'}) SET n.last_seen = n.last_seen - 1",
    "a pair's time": "MATCH ()-[r:CALLED]->() WITH r LIMIT 1 SET r.first_seen = r.first_seen + 1",
    "a pair at the wrong number": """
        MATCH (a:Number)-[r:CALLED]->(b:Number), (other:Number)
        WHERE other <> b AND NOT (a)-[:CALLED]->(other)
        WITH a, r, other ORDER BY a.key, other.key LIMIT 1
        CREATE (a)-[new:CALLED]->(other) SET new = properties(r) DELETE r""",
    "two pairs swapped": """
        MATCH ()-[r:CALLED]->() WITH r ORDER BY r.talk_ms
        WITH collect(r) AS pairs
        WITH pairs[0] AS a, pairs[-1] AS b
        WITH a, b, properties(a) AS of_a, properties(b) AS of_b
        SET a = of_b, b = of_a""",
}


@pytest.mark.parametrize("what", SPOILED)
def test_a_wrong_row_is_found(neo4j: Neo4j, tmp_path: Path, what: str) -> None:
    small = random_graph(2, numbers=40, calls=400).shown(tmp_path)  # so few pairs that all of them are in the sample

    class Spoiling(Silent):
        def stage(self, name: str, total: int | None, unit: str) -> None:
            if name.startswith("verify"):
                neo4j.write(SPOILED[what], {})

    assert len(small.snapshot.edges) <= SAMPLE
    with pytest.raises(PublishError, match="does not hold run run-1 as it should"):
        publish(neo4j, small, neo4j_settings(), Spoiling())
