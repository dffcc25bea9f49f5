"""docs/neo4j.md: every query on the page does on a real server what the page says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from neo4j import Driver, GraphDatabase

import cypher
from graph.store.publish import publish
from ingest.progress import Silent
from tests.contract.graphs import two_rings
from tests.contract.published import emptied, neo4j_settings
from tests.neo4j.server import Neo4jServer

pytestmark = pytest.mark.neo4j

PAGE = (Path(__file__).parents[3] / "docs" / "neo4j.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```cypher\n(.*?)```", PAGE, re.DOTALL)
Rows = list[dict[str, object]]


@pytest.fixture(scope="module")
def answers(neo4j_server: Neo4jServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[list[Rows]]]:
    """The rows of every statement on the page, block by block."""
    shown = two_rings().shown(tmp_path_factory.mktemp("rings"))
    login = (neo4j_server.user, neo4j_server.password)
    with emptied(neo4j_server) as neo4j, GraphDatabase.driver(neo4j_server.uri, auth=login) as driver:
        publish(neo4j, shown, neo4j_settings(), Silent())
        statements = [[text for text in block.split(";\n") if text.strip()] for block in BLOCKS]
        yield [[rows_of(driver, text) for text in texts] for texts in statements]


def rows_of(driver: Driver, statement: str) -> Rows:
    """Give what a statement answers."""
    return [record.data() for record in driver.execute_query(statement, campaign="C1").records]


def test_dates_are_made_of_microseconds(answers: list[list[Rows]]) -> None:
    (rows,) = answers[0]
    assert [row["number"] for row in rows] == ["+9420", "+9421", "+9422", "+9430", "+9431"]
    assert str(rows[0]["first_seen"]).startswith("2024-10-04T00:00:00")


def test_the_version_can_be_seen(answers: list[list[Rows]]) -> None:
    ((row,),) = answers[1]
    assert (row["state"], row["version"]) == ("ready", "run-1")


def test_the_ring_is_shown_by_the_statement_of_the_product(answers: list[list[Rows]]) -> None:
    body = "\n".join(line for line in cypher.text("ring").splitlines() if not line.startswith("//"))
    assert BLOCKS[2].strip() == body.strip()
    ((row,),) = answers[2]
    assert row == {
        "name": "Campaign C1",
        "fraud_type": "wangiri",
        "risk": 91.5,
        "members": [
            {"number": "+9420", "role": "caller", "risk": 91.5},
            {"number": "+9422", "role": "closer", "risk": 91.5},
            {"number": "+9421", "role": "opener", "risk": 88.25},
        ],
        "links": [
            {"a": "+9420", "b": "+9421", "reason": "range", "weight": 0.75, "shared": 1},
            {"a": "+9420", "b": "+9421", "reason": "shared_victims", "weight": 0.75, "shared": 4},
            {"a": "+9421", "b": "+9422", "reason": "shared_victims", "weight": 0.75, "shared": 3},
            {"a": "+9420", "b": "+9422", "reason": "shared_victims", "weight": 1 / 3, "shared": 3},
        ],
        "shared_victims": [
            {"number": "+9470", "callers": 3, "calls": 6},
            {"number": "+9471", "callers": 3, "calls": 6},
            {"number": "+9472", "callers": 3, "calls": 6},
            {"number": "+9473", "callers": 2, "calls": 3},
        ],
    }


def test_the_picture_has_every_member(answers: list[list[Rows]]) -> None:
    (rows,) = answers[3]
    members = {row["ring"][0]["number"] for row in rows}  # type: ignore[index]  # a path is a list of nodes and types
    assert members == {"+9420", "+9421", "+9422"}


def test_graph_data_science_finds_the_rings_as_communities(answers: list[list[Rows]]) -> None:
    projected, communities, dropped = answers[4]
    assert projected == [{"numbers": 5, "ties": 10}]
    assert [(row["campaigns"], row["numbers"]) for row in communities] == [(["C1"], 3), (["C2"], 2)]
    assert dropped == [{"graphName": "ringfence-links"}]
