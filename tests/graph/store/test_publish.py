"""Publishing to a real server: equal afterwards, whatever stood there before and however often it was cut off."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from neo4j import GraphDatabase
from neo4j.exceptions import TransientError

import cypher
from graph.store.embedded import EmbeddedStore
from graph.store.neo4j import Neo4jStore, _all_numbers
from graph.store.neo4j_driver import Neo4j, connect
from graph.store.port import Key, StoreBehindError, StoreUnavailableError
from graph.store.publish import AtHand, nothing_at_hand, publish, unpublish
from graph.store.rows import key_texts, number_rows
from graph.store.shown import Shown
from graph.store.writing import EVERYTHING, PublishError, sweep
from ingest.progress import Silent
from tests.contract.graphs import Drawing, Ring, random_graph
from tests.contract.published import emptied, neo4j_settings
from tests.forked import ended, start
from tests.neo4j.server import Neo4jServer

pytestmark = pytest.mark.neo4j

SETTINGS = neo4j_settings()


@pytest.fixture
def neo4j(neo4j_server: Neo4jServer) -> Iterator[Neo4j]:
    with emptied(neo4j_server) as neo4j:
        yield neo4j


@pytest.fixture
def before(tmp_path: Path) -> Shown:
    return random_graph(5).shown(tmp_path, "run-before")


@pytest.fixture
def after(tmp_path: Path) -> Shown:
    return moved_on().shown(tmp_path, "run-after")


def moved_on() -> Drawing:
    """The window moved on: a third of the pairs left, some changed, some are new; one ring is gone, one has changed."""
    old = random_graph(5)
    calls = [(a, b, calls + (place % 5 == 0)) for place, (a, b, calls) in enumerate(old.calls) if place % 3]
    calls += [("lk +94new", "lk +940001", 2), ("lk +94new", "vast2008 0000", 1)]
    there = {end for a, b, _ in calls for end in (a, b)}
    ring = {number: risk + 1 for number, risk in old.rings[0].members.items() if number in there}
    return Drawing(calls, [Ring("C7", ring)])


def contents(neo4j: Neo4j) -> tuple[list[object], list[object]]:
    """Give all nodes and relationships but the record of the publish, without the marks of who wrote them."""
    nodes = neo4j.read("MATCH (n) WHERE NOT n:Meta RETURN labels(n), properties(n)", {}, 60)
    ties = neo4j.read(
        "MATCH (a)-[r]->(b) RETURN type(r), properties(r), coalesce(a.key, a.id), coalesce(b.key, b.id)", {}, 60
    )
    return _plain(nodes), _plain(ties)


def _plain(rows: list[tuple[object, ...]]) -> list[object]:
    plain = [
        tuple(sorted((k, v) for k, v in cell.items() if k != "v") if isinstance(cell, dict) else cell for cell in row)
        for row in rows
    ]
    return sorted(plain, key=repr)


def only(run: Shown) -> AtHand:
    """Have the tables of one run at hand."""
    return lambda wanted: run if wanted == run.run else None


def fresh(neo4j_server: Neo4jServer, shown: Shown) -> tuple[list[object], list[object]]:
    """Give what a publish into an empty database leaves."""
    with emptied(neo4j_server) as neo4j:
        publish(neo4j, shown, SETTINGS, Silent())
        return contents(neo4j)


@pytest.mark.parametrize("at_hand", [True, False])
def test_what_left_the_window_is_removed_and_what_changed_is_written(
    neo4j_server: Neo4jServer, before: Shown, after: Shown, at_hand: bool
) -> None:
    wanted = fresh(neo4j_server, after)
    with emptied(neo4j_server) as neo4j:
        publish(neo4j, before, SETTINGS, Silent())
        report = publish(neo4j, after, SETTINGS, Silent(), only(before) if at_hand else nothing_at_hand)
        assert contents(neo4j) == wanted
        assert Neo4jStore(neo4j, SETTINGS).meta() == EmbeddedStore(after).meta()
    assert report.whole is not at_hand
    edges = len(after.snapshot.edges)
    assert edges / 6 < report.calls < edges / 2 if at_hand else report.calls == edges
    assert bool(report.gone_calls) is at_hand


def test_a_risk_that_moved_within_its_step_is_not_worth_a_row(neo4j: Neo4j, tmp_path: Path) -> None:
    calls = [("a 1", "a 2", 1), ("a 3", "a 4", 1)]
    old = Drawing(calls, risks={"a 1": 40.1, "a 3": 40.1}).shown(tmp_path, "old")
    new = Drawing(calls, risks={"a 1": 41.9, "a 3": 42.1}).shown(tmp_path, "new")
    publish(neo4j, old, SETTINGS, Silent())
    assert publish(neo4j, new, SETTINGS, Silent(), only(old)).numbers == 1
    held = Neo4jStore(neo4j, SETTINGS).lookup([Key("a", "1"), Key("a", "3")])
    assert [node.risk for node in held if node] == [40.1, 42.1]


def test_publishing_the_same_run_again_writes_no_call_anew(neo4j: Neo4j, before: Shown) -> None:
    first = publish(neo4j, before, SETTINGS, Silent())
    written = contents(neo4j)
    again = publish(neo4j, before, SETTINGS, Silent())
    assert contents(neo4j) == written
    assert (first.numbers, first.calls) == (len(before.snapshot.numbers), len(before.snapshot.edges))
    assert (again.numbers, again.calls, again.gone_numbers, again.gone_calls) == (0, 0, 0, 0)


def test_a_run_on_another_snapshot_than_the_one_at_hand_is_written_whole(
    neo4j: Neo4j, before: Shown, after: Shown
) -> None:
    publish(neo4j, after, SETTINGS, Silent())
    assert publish(neo4j, after, SETTINGS, Silent(), only(before)).whole is False
    assert publish(neo4j, before, SETTINGS, Silent(), only(before)).whole is True


class Killed(Silent):
    """Progress that ends its process without a word at the n-th batch."""

    def __init__(self, batch: int) -> None:
        self.left = batch

    def advance(self, n: int) -> None:
        """Die if this is the batch."""
        self.left -= 1
        if not self.left:
            os.kill(os.getpid(), signal.SIGKILL)


def die_publishing(server: Neo4jServer, folder: Path, batch: int) -> None:
    """Publish a run whose tables come into `folder`, and die at a batch."""
    neo4j = connect(server.uri, server.user, server.password)
    publish(neo4j, random_graph(5).shown(folder, "run-5"), SETTINGS, Killed(batch))


@pytest.mark.parametrize("batch", [1, 5, 10])
def test_a_publish_that_was_killed_is_refused_to_readers_and_mended_by_the_next(
    neo4j_server: Neo4jServer, before: Shown, after: Shown, tmp_path: Path, batch: int
) -> None:
    wanted = fresh(neo4j_server, after)
    with emptied(neo4j_server) as neo4j:
        publish(neo4j, after, SETTINGS, Silent())
        died = ended(start(die_publishing, neo4j_server, tmp_path / "killed", batch))
        assert died == -signal.SIGKILL
        with pytest.raises(StoreUnavailableError, match="publish was cut off"):
            Neo4jStore(neo4j, SETTINGS).lookup([Key("lk", "+940001")])
        assert contents(neo4j) != wanted
        publish(neo4j, after, SETTINGS, Silent(), only(before))
        assert contents(neo4j) == wanted


def die_catching_up(server: Neo4jServer, before: Path, after: Path, batch: int) -> None:
    """Publish the changes from one run to the other, and die at a batch."""
    neo4j = connect(server.uri, server.user, server.password)
    old, new = random_graph(5).shown(before, "run-before"), moved_on().shown(after, "run-after")
    publish(neo4j, new, SETTINGS, Killed(batch), only(old))


@pytest.mark.parametrize("batch", [1, 4, 7])
def test_an_increment_that_was_killed_is_repeated_and_not_written_whole(
    neo4j_server: Neo4jServer, before: Shown, after: Shown, tmp_path: Path, batch: int
) -> None:
    wanted = fresh(neo4j_server, after)
    with emptied(neo4j_server) as neo4j:
        publish(neo4j, before, SETTINGS, Silent())
        died = ended(start(die_catching_up, neo4j_server, tmp_path / "old", tmp_path / "new", batch))
        assert died == -signal.SIGKILL
        with pytest.raises(StoreBehindError, match="publish was cut off"):
            Neo4jStore(neo4j, SETTINGS).meta()
        report = publish(neo4j, after, SETTINGS, Silent(), only(before))
        assert not report.whole
        assert contents(neo4j) == wanted


def test_what_agrees_with_no_run_is_not_built_upon(neo4j: Neo4j, before: Shown, after: Shown) -> None:
    publish(neo4j, before, SETTINGS, Silent())
    neo4j.write("MATCH (n:Number {key: $key}) SET n.in_calls = n.in_calls + 1", {"key": "lk +940001"})
    with pytest.raises(PublishError, match="in_calls"):
        publish(neo4j, before, SETTINGS, Silent(), only(before))
    assert publish(neo4j, before, SETTINGS, Silent(), only(before)).whole


def test_an_edge_that_somebody_changed_is_found_and_mended(neo4j: Neo4j, before: Shown) -> None:
    publish(neo4j, before, SETTINGS, Silent())
    wanted = contents(neo4j)
    neo4j.write("MATCH ()-[r:CALLED]->() WITH r LIMIT 1 SET r.answered = r.answered + 1", {})
    with pytest.raises(PublishError, match=r"answered \d+ instead of \d+\. .*publish again"):
        publish(neo4j, before, SETTINGS, Silent())
    with pytest.raises(StoreUnavailableError):
        Neo4jStore(neo4j, SETTINGS).meta()
    publish(neo4j, before, SETTINGS, Silent())
    assert contents(neo4j) == wanted


def test_a_batch_that_ends_in_a_deadlock_is_repeated(neo4j_server: Neo4jServer, neo4j: Neo4j, before: Shown) -> None:
    """An analyst holds a number that our batch waits for, and then wants one that the batch has written."""
    publish(neo4j, before, SETTINGS, Silent())
    neo4j.write("MATCH (m:Meta) SET m.state = 'publishing', m.v = 99", {})
    keys = key_texts(before)
    batch = number_rows(before, keys, np.array([0, 1]))
    parameters = {name: batch[name].to_pylist() for name in batch.column_names} | {"v": 99}
    note = "MATCH (n:Number {key: $key}) SET n.note = 'seen'"
    login = (neo4j_server.user, neo4j_server.password)
    with (
        GraphDatabase.driver(neo4j_server.uri, auth=login) as driver,
        ThreadPoolExecutor(1) as pool,
        driver.session() as session,
        session.begin_transaction() as analyst,
    ):
        analyst.run(note, key=keys[1].as_py()).consume()
        ours = pool.submit(neo4j.write, cypher.text("publish_numbers"), parameters)
        blocked = "SHOW TRANSACTIONS YIELD status WHERE status STARTS WITH 'Blocked' RETURN count(*)"
        while neo4j.read(blocked, {}, 60) == [(0,)]:
            assert not ours.done(), "the batch did not wait"
        try:  # the server ends either of both, and ours is repeated if it is that
            analyst.run(note, key=keys[0].as_py()).consume()
            analyst.commit()
        except TransientError:
            analyst.rollback()
        ours.result(60)
    held = neo4j.read("MATCH (n:Number) WHERE n.v = 99 RETURN n.key ORDER BY n.key", {}, 60)
    assert held == [(keys[0].as_py(),), (keys[1].as_py(),)]


def test_a_publish_overtaken_by_another_does_not_call_itself_ready(neo4j: Neo4j, before: Shown) -> None:
    class Overtaken(Silent):
        def stage(self, name: str, total: int | None, unit: str) -> None:
            if name.startswith("verify"):
                neo4j.write("MATCH (m:Meta) SET m.v = m.v + 1", {})

    with pytest.raises(PublishError, match="another publish began"):
        publish(neo4j, before, SETTINGS, Overtaken())


@pytest.mark.parametrize(
    "stage", ["remove calls", "remove numbers", "publish numbers", "publish calls", "publish links"]
)
def test_a_publish_overtaken_by_another_writes_nothing_more(
    neo4j: Neo4j, before: Shown, after: Shown, stage: str
) -> None:
    class Overtaken(Silent):
        left: tuple[list[object], list[object]] | None = None

        def stage(self, name: str, total: int | None, unit: str) -> None:
            if name == stage:
                neo4j.write("MATCH (m:Meta) SET m.v = m.v + 1", {})
                self.left = contents(neo4j)

    publish(neo4j, before, SETTINGS, Silent())
    overtaken = Overtaken()
    with pytest.raises(PublishError, match="another publish began"):
        publish(neo4j, after, SETTINGS, overtaken, only(before))
    assert contents(neo4j) == overtaken.left


def test_a_sweep_of_an_overtaken_publish_removes_nothing(neo4j: Neo4j, before: Shown) -> None:
    publish(neo4j, before, SETTINGS, Silent())
    wanted = contents(neo4j)
    neo4j.write("MATCH (m:Meta) SET m.state = 'publishing', m.v = 9", {})
    for name in EVERYTHING:
        with pytest.raises(PublishError, match="another publish began"):
            sweep(neo4j, name, SETTINGS, 8)
    assert contents(neo4j) == wanted
    for name in EVERYTHING:
        sweep(neo4j, name, SETTINGS, 9)
    assert contents(neo4j) == ([], [])


def test_what_is_unpublished_is_gone_and_read_by_nobody(neo4j: Neo4j, before: Shown) -> None:
    unpublish(neo4j, SETTINGS)
    assert neo4j.read("MATCH (n) RETURN n", {}, 60) == []
    publish(neo4j, before, SETTINGS, Silent())
    neo4j.write("CREATE (:Case {id: 1})", {})
    for _ in range(2):
        unpublish(neo4j, SETTINGS)
        assert neo4j.read("MATCH (n) WHERE NOT n:Meta RETURN n.id", {}, 60) == [(1,)]
        (meta,) = neo4j.read("MATCH (n:Meta) RETURN properties(n)", {}, 60)
        assert meta == ({"id": "ringfence", "state": "withdrawn", "v": 2},)
        with pytest.raises(StoreBehindError):
            Neo4jStore(neo4j, SETTINGS).meta()
    assert publish(neo4j, before, SETTINGS, Silent(), only(before)).whole


def test_a_write_that_waits_for_the_locks_of_others_is_given_up(
    neo4j_server: Neo4jServer, neo4j: Neo4j, before: Shown
) -> None:
    publish(neo4j, before, SETTINGS, Silent())
    login = (neo4j_server.user, neo4j_server.password)
    with (
        GraphDatabase.driver(neo4j_server.uri, auth=login) as driver,
        driver.session() as session,
        session.begin_transaction() as analyst,
    ):
        analyst.run("MATCH (n:Number) SET n.note = 'seen'").consume()
        with pytest.raises(StoreUnavailableError, match=r"SHOW TRANSACTIONS.*neo4j\.write_timeout_s"):
            neo4j.write("MATCH (n:Number) SET n.note = 'ours'", {}, 0.3)


def test_what_analysts_added_to_numbers_stays(neo4j: Neo4j, before: Shown, after: Shown) -> None:
    publish(neo4j, before, SETTINGS, Silent())
    neo4j.write("MATCH (n:Number {key: $key}) SET n.note = 'seen'", {"key": "lk +940001"})
    publish(neo4j, after, SETTINGS, Silent())
    assert neo4j.read("MATCH (n:Number) WHERE n.note IS NOT NULL RETURN n.key", {}, 60) == [("lk +940001",)]


def test_an_empty_database_says_what_to_do(neo4j: Neo4j) -> None:
    with pytest.raises(StoreUnavailableError, match="no published graph yet; run `ringfence publish`"):
        Neo4jStore(neo4j, SETTINGS).meta()


def test_a_number_that_a_publish_removes_under_a_question_is_no_key_error(neo4j: Neo4j, before: Shown) -> None:
    publish(neo4j, before, SETTINGS, Silent())
    store = Neo4jStore(neo4j, SETTINGS)
    with store._one_version() as ask:
        neo4j.write("MATCH (n:Number {key: $key}) DETACH DELETE n", {"key": "lk +940001"})
        with pytest.raises(StoreUnavailableError, match="while it was read; ask again"):
            _all_numbers(ask, [Key("lk", "+940002"), Key("lk", "+940001")])


def test_a_store_of_one_run_answers_for_no_other(neo4j: Neo4j, before: Shown, after: Shown) -> None:
    key = Key("lk", "+940001")
    store = Neo4jStore(neo4j, SETTINGS)
    publish(neo4j, before, SETTINGS, Silent())
    assert store.of_run(before.run).lookup([key]) == store.lookup([key])
    publish(neo4j, after, SETTINGS, Silent())
    with pytest.raises(StoreUnavailableError, match=f"shows run {after.run}, not {before.run}"):
        store.of_run(before.run).meta()
    with pytest.raises(StoreUnavailableError, match=f"shows run {after.run}, not {before.run}"):
        store.of_run(before.run).neighbourhood([key], 1, 9, 9)
    assert store.of_run(after.run).meta().version == after.run


def test_an_answer_across_two_versions_is_refused(neo4j: Neo4j, before: Shown) -> None:
    publish(neo4j, before, SETTINGS, Silent())
    store = Neo4jStore(neo4j, SETTINGS)
    with pytest.raises(StoreUnavailableError, match="while it was read; ask again"), store._one_version():
        publish(neo4j, before, SETTINGS, Silent())
