from __future__ import annotations

import numpy as np

from detectors.neighbour_means import links
from tests.benchmarks.research.smoothing import smoothed


def test_company_draws_the_odd_one_down_and_their_friend_up() -> None:
    tied = links(5, np.array([0, 1, 0]), np.array([1, 2, 2]))
    scores = np.array([0.9, 0.1, 0.2, 0.3, 0.4])
    once = smoothed(scores, tied, hops=1)
    ranks = np.array([5, 1, 2, 3, 4]) / 5
    assert once[0] == (ranks[0] + (ranks[1] + ranks[2] + 0.6) / 3) / 2
    assert once[1] > ranks[1]


def test_who_is_alone_ends_between_the_own_rank_and_the_mean() -> None:
    once = smoothed(np.array([0.1, 0.2, 0.9]), links(3, np.array([0]), np.array([1])), hops=1)
    assert once[2] == (1.0 + 2 / 3) / 2


def test_no_hops_are_ranks_and_equal_scores_share_theirs() -> None:
    tied = links(4, np.array([0]), np.array([1]))
    np.testing.assert_array_equal(smoothed(np.array([7.0, 3.0, 3.0, 9.0]), tied, hops=0), [0.75, 0.375, 0.375, 1.0])


def test_the_scale_of_the_scores_does_not_matter() -> None:
    rng = np.random.default_rng(1)
    scores, ends = rng.random(50), rng.integers(50, size=(2, 120))
    tied = links(50, ends[0], ends[1])
    np.testing.assert_array_equal(smoothed(scores, tied), smoothed(np.exp(9 * scores), tied))


def test_doubt_asks_for_more_company() -> None:
    tied = links(6, np.array([0, 0]), np.array([1, 2]))
    scores = np.array([1.0, 6.0, 5.0, 2.0, 3.0, 4.0])
    lightly, doubting = (smoothed(scores, tied, hops=1, doubt=doubt)[0] for doubt in (0.5, 50.0))
    assert lightly > doubting
