"""Publishing to a real server: equal afterwards, whatever stood there before and however often it was cut off."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from graph.store.embedded import EmbeddedStore
from graph.store.neo4j import Neo4jStore, _all_numbers
from graph.store.neo4j_driver import Neo4j, connect
from graph.store.port import Key, StoreUnavailableError
from graph.store.publish import PublishError, publish
from graph.store.shown import Shown
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
    """The window moved on: a third of the pairs left, some changed, some are new; one ring is gone, one has changed."""
    old = random_graph(5)
    calls = [(a, b, calls + (place % 5 == 0)) for place, (a, b, calls) in enumerate(old.calls) if place % 3]
    calls += [("lk +94new", "lk +940001", 2), ("lk +94new", "vast2008 0000", 1)]
    there = {end for a, b, _ in calls for end in (a, b)}
    ring = {number: risk + 1 for number, risk in old.rings[0].members.items() if number in there}
    return Drawing(calls, [Ring("C7", ring)]).shown(tmp_path, "run-after")


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
        report = publish(neo4j, after, SETTINGS, Silent(), previous=before if at_hand else None)
        assert contents(neo4j) == wanted
        assert Neo4jStore(neo4j, SETTINGS).meta() == EmbeddedStore(after).meta()
    assert report.whole is not at_hand
    edges = len(after.snapshot.edges)
    assert edges / 6 < report.calls < edges / 2 if at_hand else report.calls == edges
    assert bool(report.gone_calls) is at_hand


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
    assert publish(neo4j, after, SETTINGS, Silent(), previous=before).whole is False
    assert publish(neo4j, before, SETTINGS, Silent(), previous=before).whole is True


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
        publish(neo4j, after, SETTINGS, Silent(), previous=before)
        assert contents(neo4j) == wanted


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


def test_a_publish_overtaken_by_another_does_not_call_itself_ready(neo4j: Neo4j, before: Shown) -> None:
    class Overtaken(Silent):
        def stage(self, name: str, total: int | None, unit: str) -> None:
            if name.startswith("verify"):
                neo4j.write("MATCH (m:Meta) SET m.v = m.v + 1", {})

    with pytest.raises(PublishError, match="another publish began"):
        publish(neo4j, before, SETTINGS, Overtaken())


def test_what_analysts_added_to_numbers_stays(neo4j: Neo4j, before: Shown, after: Shown) -> None:
    publish(neo4j, before, SETTINGS, Silent())
    neo4j.write("MATCH (n:Number {key: $key}) SET n.note = 'seen'", {"key": "lk +940001"})
    publish(neo4j, after, SETTINGS, Silent())
    assert neo4j.read("MATCH (n:Number) WHERE n.note IS NOT NULL RETURN n.key", {}, 60) == [("lk +940001",)]


def test_an_empty_database_says_what_to_do(neo4j: Neo4j) -> None:
    with pytest.raises(StoreUnavailableError, match="no published graph yet; run `ringfence run --store neo4j`"):
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
