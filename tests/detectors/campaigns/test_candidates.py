from __future__ import annotations

import numpy as np
import pyarrow as pa

from detectors.campaigns.candidates import Gate, candidates, in_top, sharing
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


def test_one_shared_device_or_sim_is_enough() -> None:
    keys = _keys(("cell", 7, 0), ("cell", 7, 3), ("device", 1, 0), ("device", 1, 1), ("sim", 1, 0), ("sim", 1, 2))
    assert sharing(_mask(4, 0), keys, 10).tolist() == [True, True, True, False]


def test_candidates_are_all_of_these_ascending_each_by_its_first_gate() -> None:
    """3 shares keys with who has a fact, 5 with a member of a known campaign; nothing is shared with the merely odd."""
    pairs = {1: (0, 3), 2: (0, 3), 3: (4, 5), 4: (4, 5), 5: (2, 6), 6: (2, 6)}
    keys = _keys(*(("rare_victim", key, node) for key, nodes in pairs.items() for node in nodes))
    base = np.array([0.1, 0.1, 0.9, 0.1, 0.1, 0.1, np.nan])
    found = candidates(Gate(_mask(7, 0), base, _mask(7, 4)), keys, 0.15, 10)
    assert found.nodes.tolist() == [0, 2, 3, 4, 5]
    assert found.gate.tolist() == ["fact", "base", "keys", "campaign", "campaign"]


def test_nobody_is_a_candidate_for_nothing() -> None:
    nobody = Gate(_mask(5), np.full(5, np.nan), _mask(5))
    assert candidates(nobody, LINK_KEYS.empty_table(), 0.25, 10).nodes.tolist() == []
