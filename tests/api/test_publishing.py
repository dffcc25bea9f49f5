"""What is published is what is in front when nobody else publishes any more, and nothing where nothing is."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from api.catching_up import CatchUp
from api.publishing import is_withdrawn, publish_front, publish_run
from api.reads.outage import Outage
from api.scope import SCOPE
from configs import load_settings
from graph.store.neo4j import Neo4jStore
from graph.store.neo4j_driver import Neo4j, connect
from graph.store.publish import PublishReport, shown_run
from ingest.home import Home
from ingest.ledger.database import open_database
from ingest.ledger.ledger import withdraw_run
from ingest.progress import Silent
from tests.api.worlds import put_in_front, ring_world
from tests.contract.published import emptied, neo4j_settings
from tests.neo4j.server import Neo4jServer


@pytest.fixture
def neo4j(neo4j_server: Neo4jServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Neo4j]:
    """A real graph database that holds nothing, named by the environment."""
    monkeypatch.setenv("RINGFENCE_NEO4J_URI", neo4j_server.uri)
    monkeypatch.setenv("RINGFENCE_NEO4J_USER", neo4j_server.user)
    monkeypatch.setenv("RINGFENCE_NEO4J_PASSWORD", neo4j_server.password)
    with emptied(neo4j_server) as neo4j:
        yield neo4j


def published(home: Home, *, unless_shown: bool = True) -> PublishReport | None:
    """Publish what is in front, however long others take."""
    return publish_front(home, load_settings(), Silent(), 60.0, unless_shown=unless_shown)


@pytest.mark.neo4j
def test_a_run_that_is_put_in_front_meanwhile_is_published(home: Home, neo4j: Neo4j) -> None:
    put_in_front(home, ring_world())
    with ThreadPoolExecutor(1) as pool:
        with home.publishing("another"):
            waiting = pool.submit(published, home)
            put_in_front(home, ring_world(), "run-2")
        report = waiting.result(60)
    assert report is not None
    assert report.version == shown_run(neo4j) == "run-2"


@pytest.mark.neo4j
def test_what_is_shown_already_is_left_alone_unless_somebody_wants_it_verified(home: Home, neo4j: Neo4j) -> None:
    mark = "MATCH (m:Meta) RETURN m.v"
    put_in_front(home, ring_world())
    assert published(home) is not None
    assert published(home) is None
    assert neo4j.read(mark, {}, 60) == [(1,)]
    assert published(home, unless_shown=False) is not None
    assert neo4j.read(mark, {}, 60) == [(2,)]


def numbers(neo4j: Neo4j) -> int:
    ((count,),) = neo4j.read("MATCH (n:Number) RETURN count(n)", {}, 60)
    return int(count)


@pytest.mark.neo4j
def test_a_server_removes_what_was_withdrawn(home: Home, neo4j: Neo4j, neo4j_server: Neo4jServer) -> None:
    put_in_front(home, ring_world())
    published(home)
    assert numbers(neo4j)
    withdraw_run(open_database(home, "ledger"), SCOPE)
    assert is_withdrawn(home)
    store = Neo4jStore(connect(neo4j_server.uri, neo4j_server.user, neo4j_server.password), neo4j_settings())
    try:
        asyncio.run(CatchUp(home, store, Outage(60.0), 3600.0).look())
    finally:
        store.close()
    assert numbers(neo4j) == 0
    assert shown_run(neo4j) is None


@pytest.mark.neo4j
def test_a_home_that_never_had_a_run_removes_nothing_of_others(home: Home, neo4j: Neo4j) -> None:
    neo4j.write("CREATE (:Meta {id: 'ringfence', state: 'ready', v: 1, version: 'theirs'}), (:Number {key: 'a 1'})", {})
    assert published(home) is None
    assert numbers(neo4j) == 1


def test_that_what_was_withdrawn_may_still_stand_is_said(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RINGFENCE_NEO4J_URI", "bolt://127.0.0.1:1")
    put_in_front(home, ring_world())
    withdraw_run(open_database(home, "ledger"), SCOPE)
    failure = publish_run(home, load_settings(), Silent()).failure
    assert failure is not None
    assert "may still hold what was withdrawn, remove it by `ringfence publish`" in failure
