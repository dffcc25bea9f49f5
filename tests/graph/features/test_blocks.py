"""Calls looked at in order give the same in one block and in many; their sums are exact whatever their size."""

from __future__ import annotations

from math import sqrt
from pathlib import Path

import numpy as np
import pytest

from graph import call_blocks, pair_arrays
from graph.features import of_pairs, pairs
from graph.features.ratio import rounded
from graph.windows import Window, iso
from tests.graph.calls import MAY, Row, call, features_of, tables_of
from tests.graph.features.test_plain import plans, rows

CALLER, CALLEE = "+919000002000", "+919000002001"


def test_in_many_blocks_as_in_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "many").mkdir()
    whole = tables_of(rows(), tmp_path / "one", plans=plans())
    monkeypatch.setattr(call_blocks, "_MOST_CALLS", {"caller": 90, "callee": 70})
    monkeypatch.setattr(of_pairs, "_MOST_PAIRS", 5)
    monkeypatch.setattr(pairs, "_MOST_PAIRS", 5)
    monkeypatch.setattr(pair_arrays, "_LOOKED_UP", 3)
    parts = tables_of(rows(), tmp_path / "many", plans=plans())
    assert parts.features.equals(whole.features)
    assert parts.entities.features.equals(whole.entities.features)


def _burst(count: int) -> list[Row]:
    """One call a second, and one at the end of the month: squares of gaps beyond 63 bits."""
    late = call(CALLER, CALLEE, iso(MAY.end - 1))
    return [late, *(call(CALLER, CALLEE, iso(MAY.start + at * 1_000_000)) for at in range(count))]


def test_variation_of_a_wide_sum(tmp_path: Path) -> None:
    count = 16_000
    gaps = [10] * (count - 1) + [(MAY.end - 1 - MAY.start - (count - 1) * 1_000_000) // 100_000]
    spread = count * sum(gap * gap for gap in gaps) - sum(gaps) ** 2
    assert spread > 1 << 63
    found = features_of(tables_of(_burst(count), tmp_path))[CALLER]
    assert found["gap_cv"] == round(sqrt(spread) / sum(gaps), 9)


def test_a_local_day_before_1970(tmp_path: Path) -> None:
    window = Window(0, 30 * 86_400_000_000)
    times = ("1970-01-01T00:30:00Z", "1970-01-01T04:59:00Z", "1970-01-01T05:00:00Z", "1970-01-01T05:00:00Z")
    calls = [call(CALLER, CALLEE, at, zone="America/New_York", record_id=str(i)) for i, at in enumerate(times)]
    utc = call(CALLER, CALLEE, "1970-01-01T04:59:30Z")
    found = features_of(tables_of([*calls, utc], tmp_path, window=window))
    assert (found[CALLER]["active_days"], found[CALLER]["active_hours"]) == (2, 3)
    assert found[CALLEE]["active_days"] == 0


def test_halves_are_rounded_away_from_zero() -> None:
    values = np.array([1 / 1024, 3 / 1024, -1 / 1024, 0.1, np.nan])
    assert rounded(values).tolist()[:4] == [0.000976563, 0.002929688, -0.000976563, 0.1]
