"""Rows of a day's index: named alike whether ends are sorted or marked."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.store.lake_pairs import rows_and_places


@pytest.mark.parametrize("more", [0, 100_000])
@given(ends=st.lists(st.integers(0, 50), max_size=60))
def test_few_and_many_ends_are_placed_alike(ends: list[int], more: int) -> None:
    rows, places = rows_and_places(np.array(ends, dtype=np.int64), 51 + more)
    assert rows.tolist() == sorted(set(ends))
    assert rows[places].tolist() == ends
