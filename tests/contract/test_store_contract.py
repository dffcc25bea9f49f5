"""Every operation of the port, on every store, over the same graphs: each is right, and both say exactly the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pytest

from graph.store.embedded import EmbeddedStore
from graph.store.neo4j import Neo4jStore
from graph.store.port import CallEdge, GraphAnswer, GraphStore, Key, LinkEdge, NumberNode, StoreMeta
from graph.store.publish import publish
from graph.store.rows import key_of, key_text
from ingest.progress import Silent
from tests.contract.graphs import AS_OF, GRAPHS, START, Drawing
from tests.contract.published import emptied, neo4j_settings
from tests.neo4j.server import Neo4jServer

pytestmark = pytest.mark.neo4j

STRANGE = [
    Key("lk", "+9499999"),
    Key("lk", ""),
    Key("", "+94100"),
    Key("lk", "é"),
    Key("lk +94100", ""),
    Key("l", "k 1"),
]
LIMITS = (0, 1, 7, 1_000)


@dataclass(frozen=True)
class Both:
    """One graph in both stores."""

    drawing: Drawing
    embedded: GraphStore
    neo4j: GraphStore

    @property
    def stores(self) -> tuple[GraphStore, GraphStore]:
        """Both stores."""
        return self.embedded, self.neo4j


@pytest.fixture(scope="module", params=GRAPHS)
def both(
    request: pytest.FixtureRequest, neo4j_server: Neo4jServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Both]:
    drawing = GRAPHS[request.param]()
    shown = drawing.shown(tmp_path_factory.mktemp(request.param))
    with emptied(neo4j_server) as neo4j:
        publish(neo4j, shown, neo4j_settings(), Silent())
        yield Both(drawing, EmbeddedStore(shown), Neo4jStore(neo4j, neo4j_settings()))


def some(drawing: Drawing) -> list[Key]:
    """Give the first, the last and a few keys between, and one that is not there."""
    keys = drawing.keys()
    return [*keys[:: max(1, len(keys) // 4)], *keys[-1:], Key("lk", "+9499999")]


def test_both_say_which_version_they_show(both: Both) -> None:
    assert both.embedded.meta() == both.neo4j.meta()


def test_both_look_up_the_same(both: Both) -> None:
    keys = [*both.drawing.keys(), *STRANGE, *both.drawing.keys()[:2]]
    assert both.embedded.lookup(keys) == both.neo4j.lookup(keys)
    assert both.embedded.lookup([]) == both.neo4j.lookup([]) == []


@pytest.mark.parametrize("direction", ["out", "in"])
@pytest.mark.parametrize("limit", LIMITS)
def test_both_give_the_same_neighbours(both: Both, direction: str, limit: int) -> None:
    for key in [*some(both.drawing), *STRANGE]:
        embedded, neo4j = (store.neighbours(key, "out" if direction == "out" else "in", limit) for store in both.stores)
        assert embedded == neo4j


@pytest.mark.parametrize("depth", range(5))
@pytest.mark.parametrize("max_nodes", LIMITS)
def test_both_give_the_same_neighbourhood(both: Both, depth: int, max_nodes: int) -> None:
    keys = some(both.drawing)
    for roots in (*([key] for key in keys), keys, [*keys[:2], *keys[:2]], []):
        max_edges = 3 if max_nodes == 7 else 1_000
        embedded, neo4j = (store.neighbourhood(roots, depth, max_nodes, max_edges) for store in both.stores)
        assert embedded == neo4j


@pytest.mark.parametrize("max_nodes", LIMITS)
@pytest.mark.parametrize("max_edges", LIMITS)
def test_both_give_the_same_campaigns(both: Both, max_nodes: int, max_edges: int) -> None:
    for campaign in (*(ring.id for ring in both.drawing.rings), "C99", ""):
        embedded, neo4j = (store.campaign(campaign, max_nodes, max_edges) for store in both.stores)
        assert embedded == neo4j


def test_both_refuse_what_the_port_does_not_allow(both: Both) -> None:
    for store in both.stores:
        for depth, nodes, edges in ((-1, 1, 1), (5, 1, 1), (1, -1, 1), (1, 1, -1)):
            with pytest.raises(ValueError, match="must be 0"):
                store.neighbourhood([], depth, nodes, edges)
        with pytest.raises(ValueError, match="must be 0 or more"):
            store.neighbours(STRANGE[0], "out", -1)
        with pytest.raises(ValueError, match="must be 0 or more"):
            store.campaign("C1", -1, 1)


def texts(keys: Sequence[Key]) -> list[str]:
    return [key_text(key).removeprefix("lk ") for key in keys]


def drawn(answer: GraphAnswer) -> list[tuple[str, int]]:
    return list(zip(texts([node.key for node in answer.nodes]), answer.hops, strict=True))


def pairs(answer: GraphAnswer) -> list[tuple[str, str, int]]:
    return [(*texts([edge.caller, edge.callee]), edge.calls) for edge in answer.edges]  # type: ignore[misc]  # two keys in, two texts out


@pytest.fixture(params=["embedded", "neo4j"])
def store(request: pytest.FixtureRequest, both: Both) -> GraphStore:
    return both.embedded if request.param == "embedded" else both.neo4j


@pytest.mark.parametrize("both", ["two_rings"], indirect=True)
def test_a_lookup_gives_traffic_and_score(store: GraphStore) -> None:
    assert store.lookup([key_of("lk +9420"), key_of("lk +9479"), key_of("lk +9421")])[:2] == [
        NumberNode(
            key=Key("lk", "+9420"),
            kind="e164",
            country="LK",
            line_type="mobile",
            carrier="Dialog",
            first_seen=START + 497,
            last_seen=AS_OF - 1 - 497,
            out_calls=6,
            in_calls=1,
            callees=6,
            callers=1,
            risk=91.5,
            verdict="DANGEROUS",
            role="suspected",
            fraud_type="wangiri",
            campaign="C1",
        ),
        None,
    ]
    assert store.meta() == StoreMeta("run-1", "snapshot-of-run-1", AS_OF, numbers=11, edges=21, calls=86)


@pytest.mark.parametrize("both", ["star"], indirect=True)
def test_neighbours_come_heaviest_first_and_ties_by_key(store: GraphStore) -> None:
    out = store.neighbours(Key("lk", "+94100"), "out", 3)
    assert texts([row.node.key for row in out.rows]) == ["+94112", "+94115", "+94111"]
    assert out.total == 5
    assert out.rows[0].edge == CallEdge(
        Key("lk", "+94100"), Key("lk", "+94112"), 7, 3, 7 * 1_234 + 544, 2, START + 544, AS_OF - 1 - 547
    )
    into = store.neighbours(Key("lk", "+94100"), "in", 3)
    assert [(row.node.key.number, row.edge.calls) for row in into.rows] == [("+94111", 4), ("+94114", 1)]


@pytest.mark.parametrize("both", ["star"], indirect=True)
def test_a_neighbourhood_keeps_the_heaviest_by_calls_in_both_directions(store: GraphStore) -> None:
    whole = store.neighbourhood([Key("lk", "+94100")], 1, 500, 1_000)
    order = ["+94100", "+94111", "+94112", "+94115", "+94113", "+94114"]
    assert drawn(whole) == [(number, min(place, 1)) for place, number in enumerate(order)]
    assert not whole.is_truncated
    assert pairs(whole)[:4] == [
        ("+94111", "+94112", 9),
        ("+94100", "+94112", 7),
        ("+94100", "+94115", 7),
        ("+94111", "+94100", 4),
    ]
    part = store.neighbourhood([Key("lk", "+94100")], 1, 3, 2)
    assert drawn(part) == [("+94100", 0), ("+94111", 1), ("+94112", 1)]
    assert pairs(part) == [("+94111", "+94112", 9), ("+94100", "+94112", 7)]
    assert (part.total_nodes, part.total_edges, part.is_truncated) == (6, 4, True)


@pytest.mark.parametrize("both", ["chain"], indirect=True)
def test_hops_are_walked_in_both_directions_and_counted(store: GraphStore) -> None:
    answer = store.neighbourhood([Key("lk", "+9453")], 2, 500, 1_000)
    assert drawn(answer) == [("+9453", 0), ("+9452", 1), ("+9454", 1), ("+9451", 2), ("+9455", 2)]
    assert (answer.total_nodes, answer.total_edges) == (5, 4)
    assert drawn(store.neighbourhood([Key("lk", "+9453")], 0, 500, 1_000)) == [("+9453", 0)]
    short = store.neighbourhood([Key("lk", "+9450")], 4, 3, 1_000)
    assert (len(short.nodes), short.total_nodes) == (3, 4)


@pytest.mark.parametrize("both", ["hub"], indirect=True)
def test_a_hub_is_cut_to_the_limits_and_its_size_told(store: GraphStore) -> None:
    answer = store.neighbourhood([Key("lk", "+94100")], 2, 500, 1_000)
    assert (len(answer.nodes), answer.total_nodes, len(answer.edges), answer.total_edges) == (500, 3_001, 499, 499)
    assert [edge.calls for edge in answer.edges[:32]] == [2] * 31 + [1]


@pytest.mark.parametrize("both", ["alone"], indirect=True)
def test_a_number_that_rings_itself_is_one_node_with_one_edge(store: GraphStore) -> None:
    answer = store.neighbourhood([Key("lk", "+945")], 3, 500, 1_000)
    assert drawn(answer) == [("+945", 0)]
    assert pairs(answer) == [("+945", "+945", 3)]
    assert texts([row.node.key for row in store.neighbours(Key("lk", "+941"), "out", 9).rows]) == ["+941", "+942"]


@pytest.mark.parametrize("both", ["two_operators"], indirect=True)
def test_the_same_number_of_two_operators_is_two_nodes(store: GraphStore) -> None:
    answer = store.neighbourhood([Key("a", "+941"), Key("ab", "+941"), Key("a-b", "+941")], 1, 500, 1_000)
    keys = [(node.key.operator, node.key.number) for node in answer.nodes]
    assert keys == [("a", "+941"), ("a-b", "+941"), ("ab", "+941"), ("a", "+942"), ("a-b", "+942"), ("ab", "+942")]
    assert answer.total_edges == 3


@pytest.mark.parametrize("both", ["two_rings"], indirect=True)
def test_a_campaign_shows_members_shared_victims_calls_and_links(store: GraphStore) -> None:
    answer = store.campaign("C1", 6, 4)
    members = [("+9420", 0), ("+9421", 0), ("+9422", 0)]
    assert drawn(answer) == [*members, ("+9470", 1), ("+9471", 1), ("+9472", 1)]
    assert answer.total_nodes == 8
    assert pairs(answer)[:3] == [("+9422", "+9470", 3), ("+9422", "+9471", 3), ("+9422", "+9472", 3)]
    assert answer.total_edges == 11  # nine to victims, one back, one between members; none between victims
    a, b, c = (Key("lk", number) for number, _ in members)
    assert answer.links == (
        LinkEdge(a, b, "range", 0.75, 1),
        LinkEdge(a, b, "shared_victims", 0.75, 4),
        LinkEdge(b, c, "shared_victims", 0.75, 3),
        LinkEdge(a, c, "shared_victims", 1 / 3, 3),
    )
    assert drawn(store.campaign("C1", 2, 4)) == [("+9420", 0), ("+9422", 0)]
    assert not store.campaign("C99", 6, 4).nodes
