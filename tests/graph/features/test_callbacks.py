"""Call-backs are the same however many calls are looked at together."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph.features import callbacks
from tests.graph.calls import tables_of
from tests.graph.features.test_plain import rows

NAMES = ["callback_rate", "callback_seconds"]


def test_in_small_blocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    at_once = tables_of(rows(), tmp_path).features.select(NAMES)
    monkeypatch.setattr(callbacks, "_MOST_CALLS", 30)
    in_blocks = tables_of(rows(), tmp_path).features.select(NAMES)
    assert in_blocks.equals(at_once)
    assert in_blocks["callback_seconds"].null_count < len(in_blocks)
