"""Every Cypher statement has its header, uses the parameters it declares, and is understood by a real server."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from neo4j import Driver, GraphDatabase

import cypher
from tests.contract.published import emptied
from tests.neo4j.server import Neo4jServer

HEADER = re.compile(r"// name: (?P<name>\S+)\n// parameters: (?P<parameters>.+)\n// (?P<sentence>[A-Z].+\.)\n(?!//)")
USED = re.compile(r"\$(\w+)")


def declared(name: str) -> set[str]:
    """Give the parameters that a statement's header names."""
    found = HEADER.match(cypher.text(name))
    assert found, f"cypher/{name}.cypher does not begin with name, parameters and one sentence"
    return set() if found["parameters"] == "none" else set(found["parameters"].split(", "))


def body(name: str) -> str:
    """Give a statement without its comments."""
    return "\n".join(line for line in cypher.text(name).splitlines() if not line.startswith("//"))


def test_there_are_statements() -> None:
    assert {"lookup", "meta", "publish_calls", "reached", "schema_number_key"} <= set(cypher.names())


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(FileNotFoundError):
        cypher.text("no_such_statement")


@pytest.mark.parametrize("name", cypher.names())
def test_the_header_gives_name_and_parameters(name: str) -> None:
    found = HEADER.match(cypher.text(name))
    assert found
    assert found["name"] == name
    assert declared(name) == set(USED.findall(body(name)))


@pytest.fixture(scope="module")
def driver(neo4j_server: Neo4jServer) -> Iterator[Driver]:
    login = (neo4j_server.user, neo4j_server.password)
    with emptied(neo4j_server), GraphDatabase.driver(neo4j_server.uri, auth=login) as driver:
        for name in cypher.names():
            if name.startswith("schema_"):
                driver.execute_query(cypher.text(name))
        yield driver


@pytest.mark.neo4j
@pytest.mark.parametrize("name", cypher.names())
def test_a_real_server_understands_it_without_a_warning(driver: Driver, name: str) -> None:
    with driver.session() as session:
        summary = session.run(f"EXPLAIN {cypher.text(name)}", dict.fromkeys(declared(name))).consume()
    # Labels that an empty database has not seen yet and indexes that stand already are no faults of the statement.
    unexpected = [
        status.status_description
        for status in summary.gql_status_objects
        if status.is_notification and status.raw_classification not in ("UNRECOGNIZED", "SCHEMA")
    ]
    assert not unexpected


@pytest.mark.neo4j
@pytest.mark.parametrize(
    "name", [name for name in cypher.names() if not name.startswith(("schema_", "sweep_", "published"))]
)
def test_what_is_asked_for_is_found_by_an_index_even_in_an_empty_database(driver: Driver, name: str) -> None:
    with driver.session() as session:
        summary = session.run(f"EXPLAIN {cypher.text(name)}", dict.fromkeys(declared(name))).consume()
    operators = re.findall(r"'operatorType': '(\w+)", str(summary.plan))
    assert operators
    assert not [operator for operator in operators if operator.endswith("Scan")]
