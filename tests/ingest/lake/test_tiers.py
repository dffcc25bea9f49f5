"""However many come, few are left, and each row is rewritten a few times only."""

from __future__ import annotations

from math import log2

from hypothesis import given
from hypothesis import strategies as st

from ingest.lake.tiers import due

SIZES = st.lists(st.integers(0, 10_000), max_size=60)


def merged(sizes: list[int], many: int, most: int | None = None) -> tuple[list[int], int]:
    """What is left, and how many rows were rewritten."""
    left, rewritten = list(sizes), 0
    while places := due(left, many, most):
        size = sum(left[place] for place in places)
        left = [kept for place, kept in enumerate(left) if place not in places] + [size]
        rewritten += size
    return left, rewritten


@given(SIZES, st.integers(2, 10))
def test_fewer_than_many_are_left(sizes: list[int], many: int) -> None:
    left, _ = merged(sizes, many)
    assert sum(left) == sum(sizes)
    assert len(left) < many or len(left) < 2


def test_few_are_left_alone() -> None:
    assert due([5, 1, 9], 4) == []
    assert due([], 1) == due([5], 1) == []


def test_the_small_ones_are_taken_and_a_large_one_is_left() -> None:
    assert due([1000, 1, 2, 1], 4) == [1, 3, 2]


def test_what_is_made_is_no_larger_than_wanted_where_two_are_not() -> None:
    assert due([4, 4, 4, 4], 4, 8) == [0, 1]
    assert due([4, 4, 4, 4], 4, 13) == [0, 1, 2]
    assert due([9, 9, 9, 9], 4, 8) == [0, 1]


def test_a_thousand_of_one_size_are_rewritten_a_few_times() -> None:
    left: list[int] = []
    rewritten = 0
    for _ in range(1000):
        left, more = merged([*left, 100], 8)
        rewritten += more
        assert len(left) < 8
    assert rewritten <= 100_000 * log2(1000)
