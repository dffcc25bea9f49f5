from __future__ import annotations

import numpy as np
import pyarrow as pa

from detectors.campaigns.candidates import candidates, in_top, sharing
from graph.snapshot import LINK_KEYS


def _keys(*rows: tuple[str, int, int]) -> pa.Table:
    """Rows (reason, key, node)."""
    ordered = sorted(rows)
    return pa.Table.from_pylist([{"node": n, "reason": r, "key": k} for r, k, n in ordered], LINK_KEYS)


def _mask(count: int, *nodes: int) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    return np.isin(np.arange(count), nodes)


def test_the_top_share_is_of_the_ranked_only() -> None:
    base = np.array([0.1, 0.2, 0.3, 0.9, np.nan])
    assert in_top(base, 0.25).tolist() == [False, False, False, True, False]
    assert not in_top(np.full(3, np.nan), 0.5).any()


def test_two_rare_keys_shared_with_a_seed_make_a_candidate_and_one_does_not() -> None:
    keys = _keys(("range", 1, 0), ("range", 1, 1), ("rare_victim", 7, 0), ("rare_victim", 7, 1), ("rare_victim", 7, 2))
    assert sharing(_mask(4, 0), keys, 10).tolist() == [True, True, False, False]


def test_keys_of_many_tie_nobody() -> None:
    keys = _keys(*(("rare_victim", key, node) for key in (1, 2) for node in range(5)))
    assert not sharing(_mask(5, 0), keys, 4).any()
    assert sharing(_mask(5, 0), keys, 5).all()


def test_the_expansion_goes_one_step_only() -> None:
    links = [(0, 1), (1, 2)]
    keys = _keys(*(("rare_victim", 10 * at + k, n) for at, pair in enumerate(links) for k in (0, 1) for n in pair))
    assert sharing(_mask(3, 0), keys, 10).tolist() == [True, True, False]


def test_candidates_are_all_of_these_ascending() -> None:
    keys = _keys(*(("rare_victim", key, node) for key in (1, 2) for node in (0, 3)))
    base = np.array([0.1, 0.1, 0.9, 0.1, np.nan])
    assert candidates(_mask(5, 0), base, keys, 0.25, 10).tolist() == [0, 2, 3]
    assert candidates(_mask(5), np.full(5, np.nan), LINK_KEYS.empty_table(), 0.25, 10).tolist() == []
