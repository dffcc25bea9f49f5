"""The server that other tests rely on is a real one, with Graph Data Science, behind a password."""

from __future__ import annotations

import pytest
from neo4j import GraphDatabase
from neo4j.exceptions import AuthError

from tests.neo4j import server as server_module
from tests.neo4j.server import Neo4jServer, NoNeo4jError, downloaded_jars

pytestmark = pytest.mark.neo4j


def test_a_real_server_answers_with_graph_data_science(neo4j_server: Neo4jServer) -> None:
    assert neo4j_server.gds_version().startswith("2.")


def test_a_wrong_password_is_refused(neo4j_server: Neo4jServer) -> None:
    wrong = (neo4j_server.user, neo4j_server.password + "x")
    with GraphDatabase.driver(neo4j_server.uri, auth=wrong) as driver, pytest.raises(AuthError):
        driver.verify_connectivity()


def test_without_java_or_maven_the_failure_says_how_to_get_a_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server_module, "NEEDED", ("a-tool-that-nobody-has",))
    with pytest.raises(NoNeo4jError, match=r"apt-get install .* maven.*RINGFENCE_TEST_NEO4J"):
        downloaded_jars()
