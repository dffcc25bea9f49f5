"""Small random call tables for Hypothesis, and links as a mapping."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import strategies as st

from configs import LinkSettings, load_settings
from graph.links.candidate_calls import Calls
from graph.links.table import Integers, Links, Nodes
from graph.windows import HOUR, MINUTE

CANDIDATES, PEOPLE, NODES = range(6), range(6, 12), 12
Call = tuple[int, int, int, int]  # caller, callee, started in quarters of an hour, talk in minutes; 0: not answered
calls_ = st.lists(
    st.tuples(st.sampled_from(CANDIDATES), st.sampled_from(PEOPLE), st.integers(0, 48), st.sampled_from([0, 1, 5, 9])),
    max_size=60,
)
QUARTER = 15 * MINUTE
START = 1_000 * HOUR


def table_of(calls: list[Call]) -> Calls:
    columns = np.array(calls, dtype=np.int64).reshape(-1, 4)
    return Calls(
        columns[:, 0].astype(np.int32),
        columns[:, 1].astype(np.int32),
        START + columns[:, 2] * QUARTER,
        columns[:, 3] * 60_000,
        columns[:, 3] > 0,
    )


def pairs_of(calls: list[Call]) -> tuple[Nodes, Nodes]:
    pairs = np.array(sorted({(caller, callee) for caller, callee, _, _ in calls}), dtype=np.int32).reshape(-1, 2)
    return pairs[:, 0], pairs[:, 1]


def callers_of(calls: list[Call]) -> Integers:
    return np.bincount(pairs_of(calls)[1], minlength=NODES)


def settings_with(**changes: float) -> LinkSettings:
    return load_settings().links.model_copy(update=changes)


def found(links: Links) -> dict[tuple[int, int], tuple[int, float]]:
    """Give (a, b) → (shared, weight); the order of rows is checked on the way."""
    pairs = list(zip(links.a.tolist(), links.b.tolist(), strict=True))
    assert pairs == sorted(set(pairs))
    assert all(a < b for a, b in pairs)
    return dict(zip(pairs, zip(links.shared.tolist(), links.weight.tolist(), strict=True), strict=True))


def near(weight: float) -> Any:
    """Give what is equal to a weight that is a sum of whole parts of 1 / 2^18."""
    return pytest.approx(weight, abs=2e-5)


def same(one: Links, other: Links) -> bool:
    return one.reason == other.reason and all(
        np.array_equal(getattr(one, name), getattr(other, name)) for name in ("a", "b", "weight", "shared")
    )
