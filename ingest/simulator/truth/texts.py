"""How the truth is written: moments, names and CSV files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from ingest.simulator.randomness import IntArray
from ingest.simulator.rhythm import Day


def iso(moments_ms: IntArray | Sequence[int | None]) -> pa.Array:
    """Give moments as 2026-05-01T00:00:00Z, None as null."""
    return pc.strftime(pa.array(moments_ms, pa.timestamp("ms", "UTC")), format="%Y-%m-%dT%H:%M:%SZ")


def midnights(days: Sequence[Day], index: IntArray) -> IntArray:
    """Give the moment at which each of some days begins; the day after the last is the world's end."""
    return np.array([*(day.start for day in days), days[-1].end], dtype=np.int64)[index]


def chosen(texts: Sequence[str | None], rows: IntArray) -> pa.Array:
    """Give the text of each row; a negative row has none."""
    return pa.array(texts, pa.string()).take(pa.array(rows, pa.int64(), mask=rows < 0))


def listed(names: pa.StringArray, slots: Iterable[int]) -> str:
    """Give numbers as one text, sorted."""
    return " ".join(sorted(names.take(pa.array(slots, pa.int64())).to_pylist()))


def write_csv(path: Path, table: pa.Table) -> None:
    """Write a table whose texts hold no comma, quote or end of line; null is empty."""
    options = pyarrow.csv.WriteOptions(include_header=False, quoting_style="none")
    with path.open("wb") as sink:
        sink.write(f"{','.join(table.column_names)}\n".encode("ascii"))
        pyarrow.csv.write_csv(table, sink, options)
