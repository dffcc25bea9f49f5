"""A server that brings the graph database up to date goes on whatever its attempts meet, and tries again ever rarer."""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from api.catching_up import LONGEST_PAUSE_S, Attempts, CatchUp
from api.reads.outage import Outage
from api.scope import SCOPE
from graph.store.neo4j import Neo4jStore
from graph.store.neo4j_driver import connect
from ingest.home import Home
from ingest.ledger.database import open_database
from ingest.ledger.ledger import withdraw_run
from tests.api.worlds import put_in_front, ring_world
from tests.contract.published import neo4j_settings


def test_attempts_that_fail_become_rarer_until_another_run_is_in_front() -> None:
    attempts = Attempts(5.0)
    assert attempts.is_due(1, 100.0)
    attempts.failed(1, 100.0)
    assert not attempts.is_due(1, 104.9)
    assert attempts.is_due(1, 105.0)
    attempts.failed(1, 105.0)
    assert not attempts.is_due(1, 114.9)
    assert attempts.is_due(2, 105.0)
    attempts.failed(2, 105.0)
    assert attempts.is_due(2, 110.0)
    for _ in range(20):
        attempts.failed(2, 200.0)
    assert not attempts.is_due(2, 199.9 + LONGEST_PAUSE_S)
    assert attempts.is_due(2, 200.0 + LONGEST_PAUSE_S)


@pytest.fixture
def away() -> Iterator[Neo4jStore]:
    store = Neo4jStore(connect("bolt://127.0.0.1:1", "neo4j", "none is asked for"), neo4j_settings())
    yield store
    store.close()


@pytest.fixture
def withdrawn(home: Home) -> Engine:
    """A home whose run in front was withdrawn."""
    put_in_front(home, ring_world())
    ledger = open_database(home, "ledger")
    withdraw_run(ledger, SCOPE)
    return ledger


@pytest.mark.usefixtures("withdrawn")
def test_a_process_that_cannot_be_started_is_tried_again(
    home: Home, away: Neo4jStore, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    catch_up = CatchUp(home, away, Outage(5.0), 0.0)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "none"))
    with caplog.at_level(logging.WARNING):
        asyncio.run(catch_up.look())
        asyncio.run(catch_up.look())
    assert [record.message.partition(":")[0] for record in caplog.records] == [
        "the graph database was not brought up to date, trying again"
    ] * 2


@pytest.mark.usefixtures("withdrawn")
def test_a_process_that_hangs_is_ended(home: Home, away: Neo4jStore, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        asyncio.run(CatchUp(home, away, Outage(5.0), 0.0, limit_s=0.01).look())
    assert "not brought up to date within 0.01 s" in caplog.text


def test_where_no_run_ever_was_nothing_is_published(
    home: Home, away: Neo4jStore, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "none"))
    asyncio.run(CatchUp(home, away, Outage(5.0), 0.0).look())
    assert not caplog.records
