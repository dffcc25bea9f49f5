"""Shortest paths on every store: equal, as the port describes them, and past whatever is left out."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise, product

import pytest

from graph.store import neo4j_paths
from graph.store.port import CallPath, GraphStore, Key
from graph.store.rows import key_of
from tests.contract.both import STRANGE, Both, some

pytestmark = pytest.mark.neo4j


def ends(both: Both) -> Iterator[tuple[Key, Key]]:
    """Give pairs across the whole graph, a key with itself among them."""
    keys = both.drawing.keys()[:: max(1, len(both.drawing.keys()) // 5)]
    yield from product(keys, keys)


def numbers(path: CallPath | None) -> list[str] | None:
    return None if path is None else [node.key.number for node in path.nodes]


@pytest.mark.parametrize("directed", [False, True])
@pytest.mark.parametrize("max_hops", [0, 1, 3, 6])
def test_both_give_the_same_paths(both: Both, directed: bool, max_hops: int) -> None:
    for a, b in ends(both):
        embedded, neo4j = (store.path(a, b, max_hops, directed) for store in both.stores)
        assert embedded == neo4j
        if embedded is not None:
            is_one(embedded, a, b, max_hops, directed)


@pytest.mark.parametrize("directed", [False, True])
def test_the_same_paths_where_pairs_are_many(both: Both, directed: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(neo4j_paths, "_FEW_PAIRS", 0)
    for a, b in ends(both):
        embedded, neo4j = (store.path(a, b, 6, directed) for store in both.stores)
        assert embedded == neo4j


def is_one(path: CallPath, a: Key, b: Key, max_hops: int, directed: bool) -> None:
    keys = [node.key for node in path.nodes]
    assert (keys[0], keys[-1]) == (a, b)
    assert len(set(keys)) == len(keys) <= max_hops + 1
    steps = [(edge.caller, edge.callee) for edge in path.edges]
    assert {frozenset(step) for step in steps} == {frozenset(pair) for pair in pairwise(keys)}
    if directed:
        assert steps == list(pairwise(keys))


@pytest.mark.parametrize("directed", [False, True])
def test_both_lead_past_what_is_left_out(both: Both, directed: bool) -> None:
    for a, b in ends(both):
        through = both.embedded.path(a, b, 6, directed)
        without = [*(node.key for node in (through.nodes[1:-1] if through else ())), *STRANGE]
        embedded, neo4j = (store.path(a, b, 6, directed, without) for store in both.stores)
        assert embedded == neo4j
        assert not {node.key for node in (embedded.nodes if embedded else ())} & set(without)


def test_what_is_not_there_has_no_path(both: Both) -> None:
    known = some(both.drawing)[0]
    for store in both.stores:
        for strange in STRANGE:
            assert store.path(known, strange, 6) is None
            assert store.path(strange, known, 6) is None
            assert store.path(strange, strange, 6) is None
        assert store.path(known, known, 6, without=[known]) is None


def test_both_refuse_other_numbers_of_hops(both: Both) -> None:
    for store in both.stores:
        for max_hops in (-1, 7):
            with pytest.raises(ValueError, match="max_hops must be 0 to 6"):
                store.path(STRANGE[0], STRANGE[1], max_hops)


@pytest.mark.parametrize("both", ["chain"], indirect=True)
def test_six_hops_are_the_most(store: GraphStore) -> None:
    first, last = Key("lk", "+9450"), Key("lk", "+9456")
    assert numbers(store.path(first, last, 6)) == [f"+945{place}" for place in range(7)]
    assert numbers(store.path(first, last, 6, directed=True)) == [f"+945{place}" for place in range(7)]
    assert store.path(last, first, 6, directed=True) is None
    assert store.path(first, last, 5) is None
    assert numbers(store.path(first, first, 0)) == ["+9450"]


@pytest.mark.parametrize("both", ["star"], indirect=True)
def test_a_path_tells_the_calls_of_each_step(store: GraphStore) -> None:
    path = store.path(key_of("lk +94113"), key_of("lk +94111"), 6)
    assert path is not None
    told = [(edge.caller.number, edge.callee.number, edge.calls) for edge in path.edges]
    assert told == [("+94100", "+94113", 3), ("+94100", "+94111", 3), ("+94111", "+94100", 4)]


@pytest.mark.parametrize("both", ["two_rings"], indirect=True)
def test_of_equals_the_way_with_most_calls_is_taken(store: GraphStore) -> None:
    # +9473 and +9474 join both rings; +9420 calls each once, +9421 twice.
    assert numbers(store.path(Key("lk", "+9420"), Key("lk", "+9430"), 6)) == ["+9420", "+9473", "+9430"]
    # Two calls from +9420, one of them back, and two from +9421: the key decides.
    assert numbers(store.path(Key("lk", "+9472"), Key("lk", "+9473"), 6)) == ["+9472", "+9420", "+9473"]
    # Two calls from +9421, one from +9420: most calls decide.
    assert numbers(store.path(Key("lk", "+9471"), Key("lk", "+9473"), 6)) == ["+9471", "+9421", "+9473"]


@pytest.mark.parametrize("both", ["two_operators"], indirect=True)
def test_a_path_stays_within_what_calls_join(store: GraphStore) -> None:
    assert numbers(store.path(Key("a-b", "+941"), Key("a-b", "+943"), 6)) == ["+941", "+942", "+943"]
    assert store.path(Key("a", "+941"), Key("a-b", "+941"), 6) is None
