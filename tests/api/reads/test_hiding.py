"""A store that hides numbers answers as one on whose graph they are not drawn."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from api.reads.hiding import HidingStore
from api.reads.outage import Outage
from api.reads.steady import SteadyStore
from graph.store.embedded import EmbeddedStore
from graph.store.port import GraphAnswer, Key, Kind, Neighbours, SharedCallees, Wanted
from graph.store.rows import key_of
from tests.contract.graphs import GRAPHS, Drawing

DRAWN = ("star", "two_rings", "layers", "chain", "random_1", "random_sparse")
KINDS: tuple[Kind, ...] = ("out", "in", "link")


@dataclass(frozen=True)
class Case:
    """A graph some of whose numbers are hidden, the graph without them, and both sets of keys."""

    hiding: HidingStore
    plain: EmbeddedStore
    hidden: list[Key]
    left: list[Key]

    @property
    def stores(self) -> tuple[HidingStore, EmbeddedStore]:
        """Both stores."""
        return self.hiding, self.plain


@pytest.fixture(scope="module", params=DRAWN)
def case(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Case:
    """Give a graph with two numbers hidden, and the graph without them."""
    drawing = GRAPHS[request.param]()
    folder = tmp_path_factory.mktemp("hiding")
    hidden = hidden_of(drawing)
    left = without(drawing, hidden)
    embedded = EmbeddedStore(drawing.shown(folder))
    hiding = HidingStore(SteadyStore(embedded, None, Outage(5.0), 0), [*hidden, Key("lk", "+9499999")])
    return Case(hiding, EmbeddedStore(left.shown(folder, "run-2")), hidden, left.keys())


def hidden_of(drawing: Drawing) -> list[Key]:
    """Give the busiest number and one from the middle."""
    calls = [end for caller, callee, _ in drawing.calls for end in (caller, callee)]
    keys = drawing.keys()
    return [key_of(max(sorted(set(calls)), key=calls.count)), keys[len(keys) // 2]]


def without(drawing: Drawing, hidden: list[Key]) -> Drawing:
    """Give the drawing without some numbers."""
    calls = [row for row in drawing.calls if key_of(row[0]) not in hidden and key_of(row[1]) not in hidden]
    return Drawing(calls)


def keys(found: Neighbours | SharedCallees | GraphAnswer) -> list[Key]:
    rows = found.nodes if isinstance(found, GraphAnswer) else [row.node for row in found.rows]
    return [node.key for node in rows]


def test_paths_lead_past_them(case: Case) -> None:
    for a in case.left[:: 1 + len(case.left) // 8]:
        for b in case.left[:: 1 + len(case.left) // 12]:
            for directed in (False, True):
                found, wanted = (store.path(a, b, 6, directed) for store in case.stores)
                assert (found is None) == (wanted is None)
                if found and wanted:
                    assert [node.key for node in found.nodes] == [node.key for node in wanted.nodes]
                    assert found.edges == wanted.edges


def test_neighbours_and_their_counts_leave_them_out(case: Case) -> None:
    for key in case.left[::3]:
        assert case.hiding.kinds(key)[:2] == case.plain.kinds(key)[:2]
        for kind in KINDS[:2]:
            for wanted in (Wanted(), Wanted(min_calls=2)):
                found, expected = (store.neighbours(key, kind, 3, wanted) for store in case.stores)
                assert (keys(found), found.total, found.wanted) == (keys(expected), expected.total, expected.wanted)


def test_links_to_them_are_neither_given_nor_counted(case: Case) -> None:
    for key in case.left:
        tied = case.hiding.neighbours(key, "link", 1_000)
        assert not set(keys(tied)) & set(case.hidden)
        assert tied.total == len(tied.rows) == sum(count.total for count in case.hiding.kinds(key)[2:])


def test_shared_callees_leave_them_out(case: Case) -> None:
    found, wanted = (store.shared_callees(case.left[::2], 3) for store in case.stores)
    assert (keys(found), found.total) == (keys(wanted), wanted.total)
    assert [(row.callers, row.calls) for row in found.rows] == [(row.callers, row.calls) for row in wanted.rows]


def test_subgraphs_leave_them_out(case: Case) -> None:
    found, wanted = (store.subgraph([*case.left, *case.hidden], 10_000) for store in case.stores)
    assert keys(found) == keys(wanted)
    assert (found.edges, found.total_edges) == (wanted.edges, wanted.total_edges)
    assert not {end for link in found.links for end in (link.a, link.b)} & set(case.hidden)


def test_nothing_is_reached_through_them(case: Case) -> None:
    for key in case.left[::5]:
        for limit in (5, 1_000):
            found, wanted = (store.neighbourhood([key], 3, limit, 10_000) for store in case.stores)
            assert keys(found) == keys(wanted)
            assert (found.hops, found.edges) == (wanted.hops, wanted.edges)
            assert (found.total_nodes, found.total_edges) == (wanted.total_nodes, wanted.total_edges)


def test_campaigns_do_without_them(case: Case) -> None:
    for campaign in ("C0", "C1", "C2"):
        found = case.hiding.campaign(campaign, 1_000, 10_000)
        assert not set(keys(found)) & set(case.hidden)
        assert not {end for edge in found.edges for end in (edge.caller, edge.callee)} & set(case.hidden)
        assert (found.total_nodes, found.is_truncated) == (len(found.nodes), False)


def test_they_themselves_are_not_there(case: Case) -> None:
    some = case.left[0]
    for key in case.hidden:
        assert case.hiding.lookup([key]) == [None]
        assert case.hiding.kinds(key) == ()
        assert case.hiding.path(key, some, 6) is case.hiding.path(some, key, 6) is None
        assert keys(case.hiding.subgraph([key], 9)) == []
        assert case.hiding.shared_callees([key], 9, 1) == SharedCallees((), 0)
        assert all(case.hiding.neighbours(key, kind, 9) == Neighbours((), 0, 0) for kind in KINDS)
