"""Paths of the embedded store against the port's own words, told in plain Python; and the bound on its work."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.reads import BadQuestionError
from api.reads.outage import Outage
from api.reads.steady import SteadyStore
from graph.store import adjacent
from graph.store.embedded import EmbeddedStore
from graph.store.port import GraphStore, Key, TooWideError
from graph.store.rows import key_of
from tests.contract.graphs import Drawing, hub

NAMES = st.sampled_from([f"{operator} {number}" for operator in ("a", "ab") for number in range(5)])
CALLS = st.dictionaries(st.tuples(NAMES, NAMES), st.integers(1, 3), max_size=30)
Edges = dict[tuple[str, str], int]


def ways(edges: Edges, path: tuple[str, ...], goal: str, hops: int) -> Iterator[tuple[str, ...]]:
    """Give every way of exactly so many hops from the end of a path to the goal."""
    if not hops:
        yield from [path] if path[-1] == goal else []
        return
    for one, other in edges:
        if one == path[-1]:
            yield from ways(edges, (*path, other), goal, hops - 1)


def best_of(edges: Edges, found: list[tuple[str, ...]]) -> tuple[str, ...]:
    """Give that of some ways that goes on, step by step, with most calls, ties by key."""
    return min(found, key=lambda way: [(-edges[step], key_of(step[1])) for step in pairwise(way)])


@settings(deadline=None, max_examples=80)
@given(CALLS, NAMES, NAMES, st.integers(0, 6), st.booleans(), st.sets(NAMES, max_size=2))
def test_a_path_is_what_the_port_says(
    calls: Edges, a: str, b: str, max_hops: int, directed: bool, left_out: set[str]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = EmbeddedStore(Drawing([(*pair, count) for pair, count in calls.items()]).shown(Path(folder)))
        path = store.path(key_of(a), key_of(b), max_hops, directed, [key_of(name) for name in left_out])
    edges = {pair: count for pair, count in calls.items() if not set(pair) & left_out}
    walked = dict(edges)
    for one, other in edges if not directed else ():
        walked[other, one] = edges[one, other] + (edges.get((other, one), 0) if one != other else 0)
    known = {end for pair in calls for end in pair} - left_out
    start: tuple[str, ...] = (a,)
    lengths = [list(ways(walked, start, b, hops)) for hops in range(max_hops + 1)] if {a, b} <= known else []
    shortest = next((found for found in lengths if found), None)
    if shortest is None:
        assert path is None
        return
    assert path is not None
    wanted = best_of(walked, shortest)
    assert tuple(f"{node.key.operator} {node.key.number}" for node in path.nodes) == wanted
    steps = list(pairwise(wanted))
    told = [pair for one, other in steps for pair in ((one, other), (other, one)) if pair in edges]
    told = [pair for pair in told if not directed or pair in steps]
    assert [(edge.caller, edge.callee, edge.calls) for edge in path.edges] == [
        (key_of(one), key_of(other), edges[one, other]) for one, other in told
    ]


def test_a_question_that_leads_over_too_much_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = EmbeddedStore(hub().shown(tmp_path))
    monkeypatch.setattr(adjacent, "MOST_WALKED", 2_999)
    centre, leaf = Key("lk", "+94100"), Key("lk", "+947700001")
    assert len(store.neighbourhood([leaf], 1, 500, 1_000).nodes) == 2
    assert store.path(leaf, Key("lk", "+947700002"), 6) is not None  # two leaves meet without a look around the hub
    questions: list[Callable[[GraphStore], object]] = [
        lambda asked: asked.neighbourhood([leaf], 2, 500, 1_000),
        lambda asked: asked.neighbours(centre, "out", 1),
        lambda asked: asked.shared_callees([centre], 1, 1),
    ]
    for question in questions:
        with pytest.raises(TooWideError, match="at most 2,999 at once"):
            question(store)
        with pytest.raises(BadQuestionError, match="ask for fewer") as refused:
            question(SteadyStore(store, None, Outage(5.0), 0))
        assert refused.value.code == "TOO_WIDE"
