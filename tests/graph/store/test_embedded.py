"""The embedded store against the port's own words, told in plain Python."""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.store.embedded import EmbeddedStore
from graph.store.port import Key
from tests.contract.graphs import Drawing, random_graph

NAMES = st.sampled_from(["a 1", "a 2", "a 3", "b 1", "b 2", "b 3", "b +44", "ab 1"])
CALLS = st.dictionaries(st.tuples(NAMES, NAMES), st.integers(1, 3), max_size=25)
Edges = dict[tuple[Key, Key], int]


def walk(edges: Edges, roots: list[Key], depth: int, max_nodes: int) -> tuple[list[tuple[Key, int]], set[Key]]:
    """Give the kept nodes with their hops in order, and all that were reached: the port's docstring, word by word."""
    known = sorted({root for root in roots if any(root in pair for pair in edges)})
    kept = [(root, 0) for root in known[:max_nodes]]
    seen = set(known)
    for hop in range(1, depth + 1):
        before = {key for key, at in kept if at == hop - 1}
        here = {key for key, _ in kept}
        weights: Counter[Key] = Counter()
        for (caller, callee), calls in edges.items():
            for one, other in {(caller, callee), (callee, caller)}:
                if one in before and other not in here:
                    weights[other] += calls
        seen |= set(weights)
        heaviest = sorted(weights, key=lambda key: (-weights[key], key))
        kept += [(key, hop) for key in heaviest[: max_nodes - len(kept)]]
    return kept, seen


@settings(deadline=None, max_examples=60)
@given(CALLS, st.lists(NAMES, max_size=3), st.integers(0, 4), st.integers(0, 9), st.integers(0, 30))
def test_a_neighbourhood_is_what_the_port_says(
    calls: dict[tuple[str, str], int], roots: list[str], depth: int, max_nodes: int, max_edges: int
) -> None:
    drawing = Drawing([(caller, callee, count) for (caller, callee), count in calls.items()])
    asked = [Key(*root.split(" ")) for root in roots]
    with tempfile.TemporaryDirectory() as folder:
        store = EmbeddedStore(drawing.shown(Path(folder)))
        answer = store.neighbourhood(asked, depth, max_nodes, max_edges)
    edges = {(Key(*a.split(" ")), Key(*b.split(" "))): count for (a, b), count in calls.items()}
    kept, seen = walk(edges, asked, depth, max_nodes)
    there = {key for key, _ in kept}
    among = sorted((-count, a, b) for (a, b), count in edges.items() if a in there and b in there)
    assert list(zip((node.key for node in answer.nodes), answer.hops, strict=True)) == kept
    assert [(-edge.calls, edge.caller, edge.callee) for edge in answer.edges] == among[:max_edges]
    assert (answer.total_nodes, answer.total_edges) == (len(seen), len(among))
    assert answer.is_truncated == (len(seen) > len(kept) or len(among) > max_edges)


def test_traffic_of_a_number_is_the_sum_of_its_edges(tmp_path: Path) -> None:
    drawing = random_graph(3)
    for node in EmbeddedStore(drawing.shown(tmp_path)).lookup(drawing.keys()):
        assert node is not None
        name = f"{node.key.operator} {node.key.number}"
        out = [calls for caller, _, calls in drawing.calls if caller == name]
        into = [calls for _, callee, calls in drawing.calls if callee == name]
        assert (node.out_calls, node.callees, node.in_calls, node.callers) == (sum(out), len(out), sum(into), len(into))


def test_a_run_whose_scores_belong_to_another_snapshot_is_refused(tmp_path: Path) -> None:
    shown = random_graph(3).shown(tmp_path)
    with pytest.raises(ValueError, match="do not belong together"):
        type(shown)(**{**shown.__dict__, "scores": shown.scores.slice(1)})
