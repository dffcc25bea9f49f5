from __future__ import annotations

import networkx
import numpy as np
import pytest

from tests.benchmarks.research.graph_features import graph_features

COUNT = 80


def _edges() -> tuple[np.ndarray[tuple[int], np.dtype[np.int64]], ...]:
    caller, callee = np.random.default_rng(2).integers(COUNT - 2, size=(2, 260))
    return caller, callee


def _known() -> networkx.DiGraph[int]:
    graph: networkx.DiGraph[int] = networkx.DiGraph()
    graph.add_nodes_from(range(COUNT))
    graph.add_edges_from((int(a), int(b)) for a, b in zip(*_edges(), strict=True) if a != b)
    return graph


def test_own_features_against_networkx() -> None:
    found, graph = graph_features(COUNT, *_edges()), _known()
    around = graph.to_undirected()
    np.testing.assert_array_equal(found["out"], [graph.out_degree(v) for v in range(COUNT)])
    np.testing.assert_array_equal(found["in"], [graph.in_degree(v) for v in range(COUNT)])
    np.testing.assert_array_equal(found["contacts"], [around.degree(v) for v in range(COUNT)])
    np.testing.assert_array_equal(found["triangles"], [networkx.triangles(around, v) for v in range(COUNT)])
    clustering = np.array([networkx.clustering(around, v) for v in range(COUNT)], dtype=np.float64)
    np.testing.assert_allclose(np.nan_to_num(found["clustering"]), clustering)
    mutual = [len(set(graph.successors(v)) & set(graph.predecessors(v))) for v in range(COUNT)]
    np.testing.assert_array_equal(found["mutual"], mutual)
    ranks = np.array(list(networkx.pagerank(graph, tol=1e-12).values()))
    np.testing.assert_allclose(found["pagerank"], ranks * COUNT, rtol=2e-3)


def test_means_over_those_called_and_those_who_call() -> None:
    found = graph_features(4, np.array([0, 0, 3]), np.array([1, 2, 2]))
    assert found["callees_in"][0] == 1.5
    assert found["callers_out"][2] == 1.5
    assert found["callees_callers_out"][0] == pytest.approx((2 + 1.5) / 2)
    assert np.isnan(found["callers_out"][0])


def test_doubled_edges_and_calls_to_oneself_do_not_count() -> None:
    plain = graph_features(3, np.array([0, 1]), np.array([1, 2]))
    odd = graph_features(3, np.array([0, 0, 1, 2]), np.array([1, 1, 2, 2]))
    for name, values in plain.items():
        np.testing.assert_array_equal(values, odd[name])


def test_who_has_nobody_has_zeros_and_gaps() -> None:
    found = graph_features(COUNT, *_edges())
    assert found["contacts"][-1] == 0
    assert np.isnan(found["out_share"][-1])
