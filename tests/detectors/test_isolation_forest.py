from __future__ import annotations

import numpy as np

from configs import load_settings
from detectors.isolation_forest import base_scores, forest_table

SETTINGS = load_settings().isolation_forest
NAMES = ["attempts", "fanout"]


def _columns(count: int = 300) -> dict[str, np.ndarray[tuple[int], np.dtype[np.float64]]]:
    rng = np.random.default_rng(7)
    attempts = np.round(np.exp(rng.normal(3, 0.3, count)) + 5)
    fanout = rng.uniform(0.2, 0.4, count)
    attempts[0], fanout[0] = 5000, 1.0
    attempts[1] = 2
    return {"attempts": attempts, "fanout": fanout}


def test_the_odd_one_stands_out_and_the_rare_caller_is_not_ranked() -> None:
    scores = base_scores(_columns(), NAMES, SETTINGS)
    assert int(np.nanargmax(scores)) == 0
    assert np.isnan(scores[1])
    assert np.nanmin(scores) > 0
    assert np.nanmax(scores) <= 1


def test_repeats_by_its_seed() -> None:
    one, other = (base_scores(_columns(), NAMES, SETTINGS) for _ in range(2))
    np.testing.assert_array_equal(one, other)


def test_nobody_to_rank_gives_no_scores() -> None:
    columns = {"attempts": np.array([1.0, 9.0]), "fanout": np.array([0.1, np.nan])}
    assert np.isnan(base_scores(columns, NAMES, SETTINGS)).all()


def test_unknown_values_become_the_median_and_unknown_features_go() -> None:
    columns = {
        "attempts": np.array([10.0, 20.0, 30.0]),
        "fanout": np.array([0.2, np.nan, 0.4]),
        "acd": np.full(3, np.nan),
    }
    table = forest_table(columns, ["attempts", "fanout", "acd"], np.ones(3, dtype=bool))
    assert table.shape == (3, 2)
    np.testing.assert_allclose(table[:, 0], np.log1p([10, 20, 30]), rtol=1e-6)
    np.testing.assert_allclose(table[:, 1], [0.2, 0.3, 0.4], rtol=1e-6)
