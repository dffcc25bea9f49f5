"""Which of many small things to make into one, so that each is rewritten a few times only, however many come."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate


def due(sizes: Sequence[int], many: int, most: int | None = None) -> list[int]:
    """Give the places of what to make into one now; empty when there are fewer than `many`.

    The smaller half is taken, and each further one that is no larger than all before it together: what is made is
    then about twice as large as its largest part, so a row is rewritten some log2 times. With `most`, what is made
    has at most so many rows as long as the two smallest do.
    """
    if len(sizes) < max(many, 2):
        return []
    order = sorted(range(len(sizes)), key=lambda place: (sizes[place], place))
    sums = list(accumulate(sizes[place] for place in order))
    taken = max(2, len(sizes) // 2)
    while taken < len(order) and sizes[order[taken]] <= sums[taken - 1]:
        taken += 1
    while most is not None and taken > 2 and sums[taken - 1] > most:
        taken -= 1
    return order[:taken]
