"""A graph database that is imported, killed, frozen, and comes back: readers are answered, and it catches up."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from api.cli.app import app
from graph.store.export import COMMAND_FILE
from graph.store.neo4j import Neo4jStore
from graph.store.neo4j_driver import Neo4j, connect
from graph.store.port import StoreBehindError
from graph.windows import parse_instant
from ingest.home import Home
from tests.api.asking import ask
from tests.api.graphql.test_answers import GRAPH
from tests.api.test_stores import STORE, answers
from tests.api.worlds import put_in_front, ring_world, served
from tests.contract.graphs import Drawing, Ring, random_graph
from tests.contract.published import neo4j_settings
from tests.graph.store.test_publish import contents
from tests.neo4j.server import OwnServer

pytestmark = pytest.mark.neo4j

EMBEDDED = "embedded (neo4j cannot answer now)"
LONGEST_S = 300


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OwnServer]:
    server = OwnServer(tmp_path_factory.mktemp("neo4j") / "home")
    yield server
    server.kill()


@pytest.fixture
def named(own: OwnServer, monkeypatch: pytest.MonkeyPatch) -> OwnServer:
    """The environment names the server, which need not run yet."""
    monkeypatch.setenv("RINGFENCE_NEO4J_URI", own.uri)
    monkeypatch.setenv("RINGFENCE_NEO4J_PASSWORD", "none is asked for")
    return own


def ringfence(home: Home, *arguments: str) -> dict[str, Any]:
    """Run a command and give its JSON."""
    done = CliRunner().invoke(app, [*arguments, "--home", str(home.root), "--json"])
    assert done.exit_code == 0, done.output
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def until(says: Callable[[], bool]) -> None:
    """Ask until it is so."""
    deadline = time.monotonic() + LONGEST_S
    while not says():
        assert time.monotonic() < deadline, "it has not come to be so"
        time.sleep(0.2)  # what is waited for needs the processor


def connected(own: OwnServer) -> Neo4j:
    return connect(own.uri, "neo4j", "none is asked for")


@contextmanager
def patiently(home: Home, look_s: float = 3600.0) -> Iterator[httpx.Client]:
    """Ask a server that waits for a graph database which has only just begun to run."""
    waits = {"look_s": look_s, "read_timeout_s": 50.0}
    with (
        served(home, store="neo4j", graph_database=waits, timeout_s=60.0) as server,
        httpx.Client(base_url=server.address, timeout=90) as client,
    ):
        yield client


def start_empty(own: OwnServer) -> None:
    """Have the server run and hold nothing."""
    own.start()
    neo4j = connected(own)
    neo4j.write_in_batches("MATCH (n) DETACH DELETE n", {})
    neo4j.close()


def world() -> Drawing:
    """A graph with everything that an import has to take as it is: quotes, commas, missing values, many pairs."""
    graph = random_graph(1)
    strange = [('a,b "x"', 'a,b "y,z"', 3), ('a,b "x"', "lk +940001", 1)]
    return Drawing([*graph.calls, *strange], [*graph.rings, Ring('C,"9"', {'a,b "x"': 200 / 3})], graph.risks)


@pytest.mark.long  # a minute: the server's own import, and four starts of Java
def test_what_is_imported_is_what_a_publish_writes(named: OwnServer, home: Home, tmp_path: Path) -> None:
    put_in_front(home, world())
    exported = ringfence(home, "export-neo4j", "--out", str(tmp_path / "export"))
    named.kill()
    named.administer(tmp_path / "export" / COMMAND_FILE)
    named.start()
    neo4j = connected(named)
    try:
        imported = contents(neo4j)
        with pytest.raises(StoreBehindError):
            Neo4jStore(neo4j, neo4j_settings()).meta()
        for statement in Path(exported["statements"]).read_text(encoding="utf-8").split(";\n")[:-1]:
            neo4j.write_in_batches(statement, {})
        with patiently(home) as client:
            assert ask(client, STORE)["stats"]["store"] == "neo4j"
            given = answers(client, ["+940001", "0003", "+940100"])
            assert ask(client, STORE)["stats"]["store"] == "neo4j"
        with served(home) as server, httpx.Client(base_url=server.address, timeout=60) as client:
            assert answers(client, ["+940001", "0003", "+940100"]) == given
        verified = ringfence(home, "publish")
        assert (verified["whole"], verified["numbers"], verified["calls"]) == (False, 0, 0)
        neo4j.write_in_batches("MATCH (n) DETACH DELETE n", {})
        assert ringfence(home, "publish")["whole"]
        assert contents(neo4j) == imported
    finally:
        neo4j.close()


def test_one_that_comes_back_is_brought_up_to_date_and_readers_are_answered_throughout(
    named: OwnServer, home: Home
) -> None:
    put_in_front(home, ring_world())
    start_empty(named)
    ringfence(home, "publish")
    with patiently(home, look_s=0.2) as client:

        def state() -> tuple[str, str, bool]:
            said = ask(client, STORE)["stats"]
            return said["run"], said["store"], said["staleSince"] is not None

        wanted = ask(client, GRAPH, roots=["9810000001"])
        assert state() == ("run-1", "neo4j", False)
        before_kill = time.time_ns() // 1000
        named.kill()
        assert ask(client, GRAPH, roots=["9810000001"]) == wanted
        assert state() == ("run-1", EMBEDDED, True)
        since = ask(client, STORE)["stats"]["staleSince"]
        assert before_kill <= parse_instant(since) <= time.time_ns() // 1000
        moved = Drawing([*ring_world().calls, ("generic +919810000001", "generic +919900000099", 7)])
        put_in_front(home, moved, "run-2")
        assert state() == ("run-2", EMBEDDED, True)
        named.start()
        until(lambda: state() == ("run-2", "neo4j", False))
        neo4j = connected(named)
        try:
            marks = neo4j.read("MATCH (n:Number) RETURN n.v, count(n) ORDER BY n.v", {}, 60)
            assert len(marks) == 2, "only what differs was written"
        finally:
            neo4j.close()


def test_one_that_is_frozen_or_slow_costs_no_answer(named: OwnServer, home: Home) -> None:
    put_in_front(home, ring_world())
    start_empty(named)
    ringfence(home, "publish")
    with (
        served(home, store="neo4j", graph_database={"look_s": 3600.0, "read_timeout_s": 0.5}) as server,
        httpx.Client(base_url=server.address, timeout=60) as client,
    ):
        until(lambda: ask(client, STORE)["stats"]["store"] == "neo4j")
        wanted = ask(client, GRAPH, roots=["9810000001"])
        with named.frozen():
            assert ask(client, GRAPH, roots=["9810000001"]) == wanted
            assert ask(client, STORE)["stats"]["store"] == EMBEDDED
