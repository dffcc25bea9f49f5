"""Files of calls for measuring ingest: seeded, every call different, as operators send them."""

from __future__ import annotations

import gzip
import io
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq

NUMBERS = 100_000  # that call and are called in one file
DAY_S = 86_400
FIRST_DAY = 1_767_225_600  # 2026-01-01T00:00Z, s
REGIONS = ("Mumbai", "Delhi", "Kochi", "Pune", "Jaipur")


def calls(rows: int, seed: int, days: int, first_day: int = 0) -> pa.Table:
    """Give `rows` calls over `days` days from day `first_day` on, in the order of their time."""
    random = np.random.default_rng(seed)
    started = np.sort(random.integers(0, days * DAY_S * 1000, rows)) + (FIRST_DAY + first_day * DAY_S) * 1000
    talk_ms = np.where(random.random(rows) < 0.3, 0, random.integers(1_000, 600_000, rows))
    regions = pa.array(REGIONS)
    return pa.table(
        {
            "caller_id": _numbers(random, rows),
            "receiver_id": _numbers(random, rows),
            "call_duration": pc.round(pc.divide(pa.array(talk_ms).cast(pa.float64()), 1000.0), 3),
            "timestamp": pa.array(started).cast(pa.timestamp("ms", "UTC")),
            "origin_region": regions.take(pa.array(random.integers(0, len(REGIONS), rows))),
            "target_region": regions.take(pa.array(random.integers(0, len(REGIONS), rows))),
        }
    )


def write(path: Path, table: pa.Table) -> Path:
    """Write a delivery as its name says: .csv, .csv.gz or .parquet; one that is there already stays."""
    if path.exists():
        return path
    if path.suffix == ".parquet":
        pq.write_table(table, path, compression="zstd")
        return path
    text = io.BytesIO()
    moments = pc.strftime(table["timestamp"], "%Y-%m-%dT%H:%M:%SZ")
    pyarrow.csv.write_csv(table.set_column(3, "timestamp", moments), text)
    data = text.getvalue()
    path.write_bytes(gzip.compress(data, compresslevel=6, mtime=0) if path.suffix == ".gz" else data)
    return path


def _numbers(random: np.random.Generator, rows: int) -> pa.Array:
    drawn = (random.random(rows) ** 2 * NUMBERS).astype(np.int64) + 7_000_000_000  # some call more than others
    return pc.binary_join_element_wise("+91", pa.array(drawn).cast(pa.string()), "")
