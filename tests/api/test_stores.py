"""The same questions on both stores, and a graph database that is away or behind."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.health import findings
from api.wiring import connect_neo4j, neo4j_driver, store_from_environment
from graph.store.port import StoreUnavailableError
from graph.store.publish import publish
from graph.windows import HOUR, iso, parse_instant
from ingest.home import Home
from ingest.progress import Silent
from tests.api.asking import ask
from tests.api.graphql.test_answers import GRAPH, LOOKUP, NUMBERS
from tests.api.graphql.test_walking import BESIDE, PATH, SHARED
from tests.api.worlds import NEVER_SEEN, VICTIMS, put_in_front, ring_home, ring_world, served
from tests.contract.graphs import AS_OF, Drawing, random_graph
from tests.contract.published import emptied, neo4j_settings
from tests.neo4j.server import Neo4jServer

CAMPAIGN = """query C($id: ID!) { campaign(id: $id) { ... on Campaign { id name risk
  members(first: 50) { edges { node { role risk since number { id number } } } }
  graph(limit: 100) { totalNodes totalEdges isTruncated nodes { id number hop role verdict risk campaign }
    edges { source target kind reason weight calls answered seconds } } } } }"""
NEIGHBOURS = """query N($number: String!) { lookup(number: $number) { ... on PhoneNumber {
  out: neighbours(first: 5) { total nodes { number { id number risk } edge { calls seconds } } }
  in: neighbours(direction: IN, first: 5) { total nodes { number { id } edge { calls answered } } } } } }"""
IN_FRONT = iso(AS_OF + HOUR)  # when every run of these homes was
STORE = "{ stats { run store staleSince } }"


def answers(client: httpx.Client, typed: list[str]) -> list[Any]:
    """Give the answers to all kinds of questions."""
    found: list[Any] = [ask(client, NUMBERS, first=20)]
    for number in typed:
        found.append(ask(client, LOOKUP, number=number))
        found.append(ask(client, NEIGHBOURS, number=number))
        for depth, limit in ((0, 5), (1, 7), (2, 200), (3, 30)):
            found.append(ask(client, GRAPH, roots=[number], depth=depth, limit=limit))
        found.append(ask(client, BESIDE, number=number, filter={"minCalls": 2, "reasons": ["range"]}, first=3))
        found += [ask(client, PATH, **{"from": typed[0], "to": number, "directed": way}) for way in (False, True)]
    found.append(ask(client, SHARED, numbers=[number for number in typed if number != "hello"]))
    return [*found, *(ask(client, CAMPAIGN, id=name) for name in ("C-1", "C-2", "C0", "C1", "none"))]


@pytest.fixture
def named(neo4j_server: Neo4jServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The environment names a real graph database that holds nothing."""
    with emptied(neo4j_server):
        monkeypatch.setenv("RINGFENCE_NEO4J_URI", neo4j_server.uri)
        monkeypatch.setenv("RINGFENCE_NEO4J_USER", neo4j_server.user)
        monkeypatch.setenv("RINGFENCE_NEO4J_PASSWORD", neo4j_server.password)
        yield


WORLDS = {
    "rings": (ring_world, ["9810000001", "9820000002", VICTIMS[0].partition(" ")[2], NEVER_SEEN, "hello"]),
    "random": (lambda: random_graph(1), ["+940001", "0003", "+940100", "+940050"]),
}


@pytest.mark.neo4j
@pytest.mark.usefixtures("named")
@pytest.mark.parametrize("world", WORLDS)
def test_the_same_questions_are_answered_equally(home: Home, world: str) -> None:
    drawing, typed = WORLDS[world]
    shown = put_in_front(home, drawing())
    with neo4j_driver() as neo4j:
        publish(neo4j, shown, neo4j_settings(), Silent())
    given = {}
    for store in ("embedded", "neo4j"):
        with served(home, store=store) as server, httpx.Client(base_url=server.address, timeout=60) as client:
            assert ask(client, STORE)["stats"] == {"run": "run-1", "store": store, "staleSince": None}
            given[store] = answers(client, typed)
    assert json.dumps(given["neo4j"], indent=1) == json.dumps(given["embedded"], indent=1)


@pytest.mark.neo4j
@pytest.mark.usefixtures("named")
def test_a_graph_that_is_behind_is_not_mixed_with_the_run_in_front(home: Home) -> None:
    """The pointer has moved, the publish has not: answers come from the run's own tables, and are said to."""
    shown = put_in_front(home, ring_world())
    with neo4j_driver() as neo4j:
        publish(neo4j, shown, neo4j_settings(), Silent())
    put_in_front(home, Drawing([("generic +919810000001", "generic +919900000001", 7)]), "run-2")
    with served(home, store="neo4j") as server, httpx.Client(base_url=server.address, timeout=60) as client:
        assert ask(client, GRAPH, roots=["9810000001"])["graph"]["totalNodes"] == 2
        said = ask(client, STORE)["stats"]
        assert (said["run"], said["store"]) == ("run-2", "embedded (neo4j cannot answer now)")
        assert said["staleSince"] == IN_FRONT


@pytest.mark.neo4j
@pytest.mark.usefixtures("named")
def test_doctor_says_what_the_graph_database_shows(home: Home) -> None:
    shown = put_in_front(home, ring_world())
    assert doctor(home) == (False, f"shows no run, not run-1, which is in front since {IN_FRONT}", "ringfence publish")
    with neo4j_driver() as neo4j:
        publish(neo4j, shown, neo4j_settings(), Silent())
    assert doctor(home) == (True, "shows run run-1", "")
    put_in_front(home, ring_world(), "run-2")
    said = f"shows run run-1, not run-2, which is in front since {IN_FRONT}"
    assert doctor(home) == (False, said, "ringfence publish")


def doctor(home: Home) -> tuple[bool, str, str]:
    """Give what is said of the graph database."""
    (found,) = (finding for finding in findings(home) if finding.name == "neo4j")
    return found.ok, found.text, found.next_step


def test_a_graph_database_that_is_away_costs_no_answer(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RINGFENCE_NEO4J_URI", "bolt://127.0.0.1:1")
    monkeypatch.setenv("RINGFENCE_NEO4J_PASSWORD", "never asked for")
    ring_home(home)
    typed = ["9810000001", NEVER_SEEN]
    began = time.time_ns() // 1000
    with served(home) as server, httpx.Client(base_url=server.address, timeout=60) as client:
        wanted = answers(client, typed)
    with served(home, store="neo4j") as server, httpx.Client(base_url=server.address, timeout=60) as client:
        assert answers(client, typed) == wanted
        said = ask(client, STORE)["stats"]
        assert said["store"] == "embedded (neo4j cannot answer now)"
        assert began <= parse_instant(said["staleSince"]) <= time.time_ns() // 1000


def test_the_environment_names_the_store(tmp_path: Path) -> None:
    assert store_from_environment({}) == "embedded"
    assert store_from_environment({"RINGFENCE_NEO4J_URI": "bolt://x:1"}) == "neo4j"
    with pytest.raises(StoreUnavailableError, match="RINGFENCE_NEO4J_URI"):
        connect_neo4j({})
    with pytest.raises(StoreUnavailableError, match="cannot be read"):
        connect_neo4j({"RINGFENCE_NEO4J_URI": "bolt://x:1", "RINGFENCE_NEO4J_PASSWORD_FILE": str(tmp_path / "none")})
