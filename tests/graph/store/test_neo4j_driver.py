"""What goes wrong between us and a server is said in words that tell what to do."""

from __future__ import annotations

import socket
import warnings

import pytest
from neo4j.exceptions import ClientError, CypherSyntaxError, DriverError, Neo4jError

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
        with pytest.raises(StoreUnavailableError, match=r"one of our statements.*read access mode") as caught:
            neo4j.read("CREATE (n:Number) RETURN n", {}, 5.0)
        assert isinstance(caught.value.__cause__, ClientError)
        with pytest.raises(StoreUnavailableError, match="cannot run one of our statements") as caught:
            neo4j.read("RETRUN 1", {}, 5.0)
        assert isinstance(caught.value.__cause__, CypherSyntaxError)


@pytest.mark.neo4j
def test_a_constraint_that_cannot_be_made_is_said(neo4j_server: Neo4jServer) -> None:
    with emptied(neo4j_server) as neo4j:
        neo4j.write("CREATE (:Oddity {key: 1}), (:Oddity {key: 1})", {})
        with pytest.raises(StoreUnavailableError):
            neo4j.write_in_batches("CREATE CONSTRAINT oddity FOR (o:Oddity) REQUIRE o.key IS UNIQUE", {})


@pytest.mark.parametrize(
    ("code", "advice"),
    [
        ("Neo.ClientError.Database.DatabaseNotFound", "has no such database; set the user's home database"),
        ("Neo.ClientError.Security.Forbidden", "does not allow this user to do that; grant it rights"),
        ("Neo.ClientError.Schema.ConstraintCreationFailed", "refuses a constraint or an index"),
        ("Neo.DatabaseError.General.UnknownError", "has a fault of its own; look at its log, its disk"),
        ("Neo.TransientError.General.OutOfMemoryError", "is busy; try again"),
        ("Neo.ClientError.Procedure.ProcedureNotFound", "refuses with Neo.ClientError.Procedure.ProcedureNotFound"),
    ],
)
def test_whatever_the_server_objects_to_is_said_with_what_to_do(code: str, advice: str) -> None:
    failed = Neo4jError._hydrate_neo4j(code=code, message="as it says")  # as the driver makes them
    assert _said(failed).startswith(f"Neo4j at bolt://127.0.0.1:1 {advice}")
    assert "(as it says)" in _said(failed)


def test_whatever_the_driver_objects_to_is_said_with_what_to_do() -> None:
    assert "could not be spoken with; try again (odd)" in _said(DriverError("odd"))


def _said(failure: Exception) -> str:
    """Give what is said of a failure within a session."""
    neo4j = connect("bolt://127.0.0.1:1", "neo4j", "secret")
    try:
        with pytest.raises(StoreUnavailableError) as caught, neo4j._session("READ"):  # no server fails so
            raise failure
        assert caught.value.__cause__ is failure
        return str(caught.value)
    finally:
        neo4j.close()


@pytest.mark.neo4j
def test_an_empty_database_causes_no_warnings(neo4j_server: Neo4jServer, caplog: pytest.LogCaptureFixture) -> None:
    with emptied(neo4j_server) as neo4j, warnings.catch_warnings(record=True) as caught:
        assert neo4j.read("MATCH (n:NeverSeen)-[:NEVER_SEEN]->() RETURN n.never_seen", {}, 5.0) == []
    assert not caught
    assert not caplog.records
