"""Every operation of the port, on every store, over the same graphs: each is right, and both say exactly the same."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from graph.store.port import CALLED, GraphAnswer, GraphStore, Key, LinkEdge, NumberNode, StoreMeta
from graph.store.rows import key_of, key_text
from tests.contract.both import LIMITS, STRANGE, Both, some
from tests.contract.graphs import AS_OF, START

pytestmark = pytest.mark.neo4j


def test_both_say_which_version_they_show(both: Both) -> None:
    assert both.embedded.meta() == both.neo4j.meta()


def test_both_look_up_the_same(both: Both) -> None:
    keys = [*both.drawing.keys(), *STRANGE, *both.drawing.keys()[:2]]
    assert both.embedded.lookup(keys) == both.neo4j.lookup(keys)
    assert both.embedded.lookup([]) == both.neo4j.lookup([]) == []


@pytest.mark.parametrize("depth", range(5))
@pytest.mark.parametrize("max_nodes", LIMITS)
def test_both_give_the_same_neighbourhood(both: Both, depth: int, max_nodes: int) -> None:
    keys = some(both.drawing)
    for roots in (*([key] for key in keys), keys, [*keys[:2], *keys[:2]], []):
        max_edges = 3 if max_nodes == 7 else 1_000
        embedded, neo4j = (store.neighbourhood(roots, depth, max_nodes, max_edges) for store in both.stores)
        assert embedded == neo4j


@pytest.mark.parametrize("reasons", [[], [CALLED], ["range"], ["shared_victims", "range"], [CALLED, "range"], ["none"]])
def test_both_walk_and_show_only_what_is_asked_for(both: Both, reasons: list[str]) -> None:
    for depth, max_nodes, max_edges in ((0, 7, 7), (1, 1_000, 1_000), (2, 7, 3), (3, 1_000, 7)):
        for roots in ([key] for key in some(both.drawing)):
            embedded, neo4j = (s.neighbourhood(roots, depth, max_nodes, max_edges, reasons) for s in both.stores)
            assert embedded == neo4j


@pytest.mark.parametrize("max_edges", LIMITS)
def test_both_give_the_same_subgraphs(both: Both, max_edges: int) -> None:
    keys = both.drawing.keys()
    for asked in (keys, keys[::2], [*keys[::3], *STRANGE, *keys[:2]], keys[:1], STRANGE, []):
        embedded, neo4j = (store.subgraph(asked[:1_000], max_edges) for store in both.stores)
        assert embedded == neo4j


@pytest.mark.parametrize("max_nodes", LIMITS)
@pytest.mark.parametrize("max_edges", LIMITS)
def test_both_give_the_same_campaigns(both: Both, max_nodes: int, max_edges: int) -> None:
    for campaign in (*(ring.id for ring in both.drawing.rings), "C99", ""):
        embedded, neo4j = (store.campaign(campaign, max_nodes, max_edges) for store in both.stores)
        assert embedded == neo4j


@pytest.mark.parametrize("max_nodes", LIMITS)
def test_both_leave_out_what_they_are_told_to(both: Both, max_nodes: int) -> None:
    keys = both.drawing.keys()
    for without in ([*keys[::5], *STRANGE], keys[1:2], keys):
        for depth, roots in ((0, keys[:9]), (2, keys[:1]), (3, some(both.drawing))):
            embedded, neo4j = (s.neighbourhood(roots, depth, max_nodes, 7, None, without) for s in both.stores)
            assert embedded == neo4j
            assert not {node.key for node in embedded.nodes} & set(without)
        for ring in both.drawing.rings:
            embedded, neo4j = (s.campaign(ring.id, max_nodes, 7, without) for s in both.stores)
            assert embedded == neo4j
            assert not {node.key for node in embedded.nodes} & set(without)


def test_both_refuse_what_the_port_does_not_allow(both: Both) -> None:
    for store in both.stores:
        for depth, nodes, edges in ((-1, 1, 1), (5, 1, 1), (1, -1, 1), (1, 1, -1)):
            with pytest.raises(ValueError, match="must be 0"):
                store.neighbourhood([], depth, nodes, edges)
        with pytest.raises(ValueError, match="must be 0 or more"):
            store.subgraph([], -1)
        with pytest.raises(ValueError, match="must be 0 or more"):
            store.campaign("C1", -1, 1)


def texts(keys: Sequence[Key]) -> list[str]:
    return [key_text(key).removeprefix("lk ") for key in keys]


def drawn(answer: GraphAnswer) -> list[tuple[str, int]]:
    return list(zip(texts([node.key for node in answer.nodes]), answer.hops, strict=True))


def pairs(answer: GraphAnswer) -> list[tuple[str, str, int]]:
    return [(*texts([edge.caller, edge.callee]), edge.calls) for edge in answer.edges]  # type: ignore[misc]  # two keys in, two texts out


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
    assert (answer.total_roots, answer.total_nodes) == (3, 8)  # three members, five victims
    assert pairs(answer)[:3] == [("+9422", "+9470", 3), ("+9422", "+9471", 3), ("+9422", "+9472", 3)]
    assert answer.total_edges == 11  # nine to victims, one back, one between members; none between victims
    a, b, c = (Key("lk", number) for number, _ in members)
    assert answer.links == (
        LinkEdge(a, b, "range", 0.75, 1),
        LinkEdge(a, b, "shared_victims", 0.75, 4),
        LinkEdge(b, c, "shared_victims", 0.75, 3),
        LinkEdge(a, c, "shared_victims", 1 / 3, 3),
    )
    part = store.campaign("C1", 2, 4)
    assert drawn(part) == [("+9420", 0), ("+9422", 0)]
    assert (part.total_roots, part.total_nodes, part.total_edges, part.total_links) == (3, 8, 0, 1)
    assert not store.campaign("C99", 6, 4).nodes


@pytest.mark.parametrize("both", ["two_rings"], indirect=True)
def test_a_walk_over_links_leaves_calls_aside(store: GraphStore) -> None:
    root = [Key("lk", "+9421")]
    over = store.neighbourhood(root, 2, 500, 1_000, ["shared_victims"])
    assert drawn(over) == [("+9421", 0), ("+9420", 1), ("+9422", 1)]
    assert (over.edges, over.total_edges, over.total_links) == ((), 0, 3)
    assert {link.reason for link in over.links} == {"shared_victims"}
    assert drawn(store.neighbourhood(root, 1, 500, 1_000, ["range"])) == [("+9421", 0), ("+9420", 1)]
    both_kinds = store.neighbourhood(root, 1, 500, 1_000, [CALLED, "range"])
    assert drawn(both_kinds)[:3] == [("+9421", 0), ("+9420", 1), ("+9470", 1)]  # one call and one link; two calls
    assert {link.reason for link in both_kinds.links} == {"range"}


@pytest.mark.parametrize("both", ["two_rings"], indirect=True)
def test_a_subgraph_has_the_keys_given_and_what_ties_them(store: GraphStore) -> None:
    answer = store.subgraph([Key("lk", "+9471"), Key("lk", "+9420"), Key("lk", "+9470"), Key("lk", "+9420")], 2)
    assert drawn(answer) == [("+9420", 0), ("+9470", 0), ("+9471", 0)]
    assert pairs(answer) == [("+9470", "+9471", 50), ("+9420", "+9470", 1)]
    assert (answer.total_nodes, answer.total_roots, answer.total_edges, answer.is_truncated) == (3, 3, 3, True)


@pytest.mark.parametrize("both", ["chain"], indirect=True)
def test_nothing_is_reached_through_what_is_left_out(store: GraphStore) -> None:
    answer = store.neighbourhood([Key("lk", "+9453")], 4, 500, 1_000, without=[Key("lk", "+9451")])
    assert drawn(answer) == [("+9453", 0), ("+9452", 1), ("+9454", 1), ("+9455", 2), ("+9456", 3)]
    assert (answer.total_nodes, answer.total_edges) == (5, 4)


@pytest.mark.parametrize("both", ["two_rings"], indirect=True)
def test_a_campaign_without_a_member_and_a_victim(store: GraphStore) -> None:
    answer = store.campaign("C1", 500, 1_000, [Key("lk", "+9420"), Key("lk", "+9470")])
    assert [number for number, hop in drawn(answer) if hop == 0] == ["+9421", "+9422"]
    assert (answer.total_roots, answer.total_nodes, answer.total_links) == (2, 6, 1)
    assert store.campaign("C2", 9, 9, [Key("lk", "+9430"), Key("lk", "+9431")]).total_nodes == 0
