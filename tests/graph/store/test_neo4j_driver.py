"""What goes wrong between us and a server is said in words that tell what to do."""

from __future__ import annotations

import socket
import warnings

import pytest
from neo4j.exceptions import ClientError, CypherSyntaxError

from graph.store.neo4j_driver import connect
from graph.store.port import StoreUnavailableError
from tests.contract.published import emptied
from tests.neo4j.server import Neo4jServer


def test_an_address_of_something_else_is_refused() -> None:
    for address in ("https://example.org", "bolt://host:port", "host", "bolt://neo4j:secret@host"):
        with pytest.raises(StoreUnavailableError, match="write bolt://host:7687") as caught:
            connect(address, "neo4j", "secret")
        assert "secret" not in str(caught.value)


def test_a_server_that_is_away_is_said_to_be_so() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    neo4j = connect(f"bolt://127.0.0.1:{port}", "neo4j", "secret")
    with pytest.raises(StoreUnavailableError, match="does not answer; start it") as caught:
        neo4j.read("RETURN 1", {}, 5.0)
    assert "secret" not in str(caught.value)
    neo4j.close()


@pytest.mark.neo4j
def test_a_wrong_password_is_said_to_be_so(neo4j_server: Neo4jServer) -> None:
    neo4j = connect(neo4j_server.uri, neo4j_server.user, "wrong")
    with pytest.raises(StoreUnavailableError, match="refuses the user or password") as caught:
        neo4j.read("RETURN 1", {}, 5.0)
    assert "wrong" not in str(caught.value)
    neo4j.close()


@pytest.mark.neo4j
def test_a_question_that_takes_too_long_is_ended_by_the_server(neo4j_server: Neo4jServer) -> None:
    with emptied(neo4j_server) as neo4j:
        with pytest.raises(StoreUnavailableError, match=r"took too long; ask for less or raise neo4j\.read_timeout_s"):
            neo4j.read("UNWIND range(1, 10000000000) AS x WITH x WHERE x < 0 RETURN count(x)", {}, 0.2)
        assert neo4j.read("RETURN $x", {"x": 1}, 5.0) == [(1,)]


@pytest.mark.neo4j
def test_reading_cannot_write_and_a_faulty_statement_is_not_hidden(neo4j_server: Neo4jServer) -> None:
    with emptied(neo4j_server) as neo4j:
        with pytest.raises(ClientError, match="read access mode"):
            neo4j.read("CREATE (n:Number) RETURN n", {}, 5.0)
        with pytest.raises(CypherSyntaxError):
            neo4j.read("RETRUN 1", {}, 5.0)


@pytest.mark.neo4j
def test_an_empty_database_causes_no_warnings(neo4j_server: Neo4jServer, caplog: pytest.LogCaptureFixture) -> None:
    with emptied(neo4j_server) as neo4j, warnings.catch_warnings(record=True) as caught:
        assert neo4j.read("MATCH (n:NeverSeen)-[:NEVER_SEEN]->() RETURN n.never_seen", {}, 5.0) == []
    assert not caught
    assert not caplog.records
