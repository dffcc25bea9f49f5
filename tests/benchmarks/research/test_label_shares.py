from __future__ import annotations

import numpy as np
import pytest

from detectors.neighbour_means import links
from tests.benchmarks.research.label_shares import FOLDS, NAMES, label_shares

COUNT = 60


def _graph(seed: int = 3) -> tuple[np.ndarray[tuple[int], np.dtype[np.int64]], ...]:
    a, b = np.random.default_rng(seed).integers(COUNT, size=(2, 240))
    return a, b


@pytest.mark.parametrize("node", range(0, COUNT - 1, 7))
def test_nobody_is_told_of_its_own_label_at_any_hop(node: int) -> None:
    a, b = _graph()
    alone = COUNT - 1
    apart = (a != alone) & (b != alone)
    tied = links(COUNT, a[apart], b[apart])
    known = np.ones(COUNT, dtype=bool)
    fraud = np.arange(COUNT) % 3 == 0
    fraud[alone] = ~fraud[node]
    other = fraud.copy()
    other[[node, alone]] = fraud[[alone, node]]  # the share of all stays the same, and who is alone tells nobody
    one, two = (label_shares(known, labels, tied, 5) for labels in (fraud, other))
    for name in NAMES:
        assert one[name][node] == two[name][node]
    assert np.any(one["known_fraud_near"] != two["known_fraud_near"])


def test_who_is_not_known_is_told_of_all_that_are() -> None:
    tied = links(4, np.array([0, 0, 0]), np.array([1, 2, 3]))
    known = np.array([False, True, True, True])
    told = label_shares(known, np.array([False, True, True, False]), tied, 0)
    assert told["known_near"][0] == 3
    assert told["known_fraud_near"][0] == pytest.approx((2 + 2 / 3) / 4)


def test_labels_that_are_not_known_are_not_read() -> None:
    tied = links(COUNT, *_graph())
    known = np.arange(COUNT) % 2 == 0
    fraud = np.arange(COUNT) % 3 == 0
    one = label_shares(known, fraud, tied, 1)
    other = label_shares(known, fraud | ~known, tied, 1)
    for name in NAMES:
        np.testing.assert_array_equal(one[name], other[name])


def test_who_has_no_links_is_told_the_share_of_all() -> None:
    known = np.ones(FOLDS * 2, dtype=bool)
    fraud = np.arange(FOLDS * 2) < 3
    told = label_shares(known, fraud, links(FOLDS * 2, np.array([0]), np.array([1])), 0)
    np.testing.assert_allclose(told["known_fraud_near"][2:], 0.3)
    np.testing.assert_allclose(told["known_fraud_two_hops"][2:], 0.3)
