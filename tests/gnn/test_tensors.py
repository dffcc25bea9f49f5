"""What the network is shown: scaled columns with gaps, and weighted means over neighbours in both directions."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from gnn.columns import column_names, columns
from gnn.propagate import propagated
from gnn.tensors import LARGEST, Scaling, adjacency, fit_scaling, matrix, tie_weights
from tests.gnn.small import edge_table, snapshot, written

RNG = np.random.default_rng(0)


def test_columns_are_named_as_they_come(tmp_path: Path) -> None:
    made = snapshot(tmp_path)
    assert [name for name, _ in columns(made)] == list(column_names(made))
    assert {"attempts", "asr", "out_tie_calls", "in_tie_night"} <= set(column_names(made))


def test_the_prototypes_doubles_are_left_out(tmp_path: Path) -> None:
    edges = edge_table(np.array([0]), np.array([1]), RNG)
    features = {"attempts": pa.array([1.0, 0.0]), "total_calls": pa.array([1.0, 0.0])}
    assert "total_calls" not in column_names(written(tmp_path, "s", 2, features, edges))


def test_shares_stay_and_counts_become_logs(tmp_path: Path) -> None:
    edges = edge_table(np.array([0]), np.array([1]), RNG)
    features = {"attempts": pa.array([np.e - 1, 0.0]), "asr": pa.array([0.5, None])}
    found = dict(columns(written(tmp_path, "s", 2, features, edges)))
    np.testing.assert_allclose(found["attempts"], [1.0, 0.0])
    np.testing.assert_array_equal(found["asr"], [0.5, np.nan])


def test_ties_are_averaged_in_either_direction(tmp_path: Path) -> None:
    edges = edge_table(np.array([0, 0, 1]), np.array([1, 2, 2]), RNG)
    found = dict(columns(written(tmp_path, "s", 3, {"attempts": pa.array([1.0, 1.0, 0.0])}, edges)))
    logs = np.log1p(edges["calls"].to_numpy())
    shares = edges["answered"].to_numpy() / edges["calls"].to_numpy()
    np.testing.assert_allclose(found["out_tie_calls"], [logs[:2].mean(), logs[2], np.nan])
    np.testing.assert_allclose(found["in_tie_answered"], [np.nan, shares[0], shares[1:].mean()])


def test_values_are_standardised_and_gaps_have_columns(tmp_path: Path) -> None:
    made = snapshot(tmp_path)
    scaling = fit_scaling(made)
    found = matrix(made, scaling)
    place = {name: at for at, name in enumerate((*scaling.names, *(f"known {gap}" for gap in scaling.gaps)))}
    known = made.features["asr"].is_valid().to_numpy()
    asr = found[:, place["asr"]]
    assert found.shape == (60, scaling.width)
    assert abs(asr[known].mean()) < 1e-6
    assert abs(asr[known].std() - 1) < 1e-5
    assert np.all(asr[~known] == 0)
    assert not found[:, place["ring_seconds"]].any()
    shared = next(gap for gap in scaling.gaps if np.array_equal(found[:, place[f"known {gap}"]], known))
    assert shared == "asr", "the first column of a pattern stands for the others"
    assert "acd" not in scaling.gaps
    assert "ring_seconds" not in scaling.gaps


def test_a_later_snapshot_is_scaled_by_the_first_and_cut(tmp_path: Path) -> None:
    first, later = snapshot(tmp_path), snapshot(tmp_path, count=90, seed=2)
    scaling = fit_scaling(first)
    narrow = Scaling(scaling.names, scaling.means, tuple(d / 1000 for d in scaling.deviations), scaling.gaps)
    assert matrix(later, scaling).shape == (90, scaling.width)
    assert np.abs(matrix(later, narrow)).max() == LARGEST


def test_scaling_survives_json(tmp_path: Path) -> None:
    scaling = fit_scaling(snapshot(tmp_path))
    assert Scaling.from_json(scaling.as_json()) == scaling


def test_rows_are_weighted_means_over_neighbours(tmp_path: Path) -> None:
    made = snapshot(tmp_path)
    ties, dense = adjacency(made), np.zeros((60, 60))
    callers, callees = (made.edges[end].to_numpy() for end in ("caller", "callee"))
    dense[callers, callees] = tie_weights(made)
    for direction, weights in ((ties.out, dense), (ties.into, dense.T)):
        total = weights.sum(axis=1, keepdims=True)
        mean = np.divide(weights, total, out=np.zeros_like(weights), where=total > 0)
        np.testing.assert_allclose(direction.mean.toarray(), mean, rtol=1e-6)
        np.testing.assert_array_equal(direction.transposed.toarray(), direction.mean.toarray().T)


def test_a_tie_weighs_more_the_more_there_is_of_everything(tmp_path: Path) -> None:
    edges = edge_table(np.array([0, 0]), np.array([1, 2]), RNG)
    for name in ("calls", "answered", "talk_ms", "night_calls"):
        more = edges.set_column(edges.column_names.index(name), name, pa.array([50, 500_000]))
        weights = tie_weights(written(tmp_path / name, "s", 3, {"attempts": pa.array([1.0, 0.0, 0.0])}, more))
        assert weights[1] - weights[0] > 0.5, name


@pytest.mark.parametrize("hops", [1, 2])
def test_propagation_is_powers_of_both_means(tmp_path: Path, hops: int) -> None:
    made = snapshot(tmp_path)
    values, ties = matrix(made, fit_scaling(made)), adjacency(made)
    found = propagated(values, ties, hops)
    wide = values.shape[1]
    assert found.shape == (60, wide * (1 + 2 * hops))
    np.testing.assert_array_equal(found[:, :wide], values)
    out, into = ties.out.mean.toarray(), ties.into.mean.toarray()
    np.testing.assert_allclose(found[:, wide : 2 * wide], out @ values, rtol=1e-4, atol=1e-5)
    last = np.linalg.matrix_power(into, hops) @ values
    np.testing.assert_allclose(found[:, -wide:], last, rtol=1e-4, atol=1e-5)
