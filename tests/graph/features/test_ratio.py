"""Ratios of arrays are those that engines give, to the last bit."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa

from graph.engine import Engine
from graph.features.ratio import ratio, rounded, rounded_ratio, seconds


def test_as_the_engine_rounds(tmp_path: Path) -> None:
    random = np.random.default_rng(3)
    part = np.concatenate((random.integers(0, 1 << 50, 20_000), random.integers(0, 5_000, 20_000)))
    whole = np.concatenate((random.integers(0, 1 << 20, 20_000), 1 << random.integers(0, 20, 20_000)))
    with Engine(tmp_path) as engine:
        rows = engine.give("rows", pa.table({"row": np.arange(len(part)), "part": part, "whole": whole}))
        told = rows.select("row", ratio=ratio(rows.part, rows.whole), seconds=seconds(rows.part)).order_by("row")
        found = engine.fetch(told)
    assert np.array_equal(found["ratio"].to_numpy(), rounded_ratio(part, whole), equal_nan=True)
    assert np.array_equal(found["seconds"].to_numpy(), rounded(part / 1000))
