"""The keys of calls that are missing since a segment was damaged: kept to see when all of them are back."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from ingest.files import durable_write
from ingest.home import Home
from ingest.key_runs import KeyRunRow, Keys, halves_of
from ingest.key_search import known

_LOST = pa.schema(  # a row group an hour of a run, sorted by key
    [
        pa.field("hour", pa.int64(), False),  # since 1970-01-01T00:00Z
        pa.field("high", pa.uint64(), False),
        pa.field("low", pa.uint64(), False),
    ]
)


def write_lost(path: Path, home: Home, before: Sequence[KeyRunRow], left: Sequence[KeyRunRow]) -> None:
    """Write durably the keys that stand in the runs `before` and in none of `left`."""

    def write(file: Path) -> None:
        with pq.ParquetWriter(file, _LOST) as writer:
            for run in before:
                for piece in run.hours:
                    keys = Keys(np.full(piece.count, piece.hour), *halves_of(home.lake, run, piece))
                    lost = keys.where(~known(keys, home.lake, left))
                    writer.write_table(pa.table(list(lost), schema=_LOST))

    durable_write(path, write, home.staging, "lost")


def all_back(path: Path, root: Path, runs: Sequence[KeyRunRow]) -> bool:
    """Say whether all keys of a file of lost ones stand in `runs` again; `root` is the lake's folder."""
    file = pq.ParquetFile(path)
    groups = (file.read_row_group(place) for place in range(file.num_row_groups))
    return all(known(Keys(*(c.to_numpy() for c in keys.columns)), root, runs).all() for keys in groups)
