"""Features of entities are the same however many pairs are looked at together."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph.entities import pairs
from tests.graph.calls import tables_of
from tests.graph.features.test_plain import plans, rows


def test_in_small_blocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    at_once = tables_of(rows(), tmp_path, plans=plans()).entities
    monkeypatch.setattr(pairs, "_MOST_PAIRS", 20)
    monkeypatch.setattr(pairs, "_MOST_CALLS", 20)
    assert tables_of(rows(), tmp_path, plans=plans()).entities.features.equals(at_once.features)
    assert len(at_once.entities) > len(set(at_once.entities["kind"].to_pylist()))  # some kind has several
