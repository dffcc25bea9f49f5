"""The keys of calls that are missing since a segment was damaged: kept to see when all of them are back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from ingest.files import durable_write
from ingest.home import Home
from ingest.lake.key_runs import KeyRunRow, Keys, keys_of_slice
from ingest.lake.key_search import known

_LOST = pa.schema(  # a row group an hour of a run, sorted by key
    [
        pa.field("hour", pa.int64(), False),  # since 1970-01-01T00:00Z
        pa.field("high", pa.uint64(), False),
        pa.field("low", pa.uint64(), False),
        pa.field("rest", pa.uint64(), False),
    ]
)


class LostKeysError(RuntimeError):
    """The keys of missing calls are missing or damaged themselves."""


def write_lost(path: Path, home: Home, before: Sequence[KeyRunRow], left: Sequence[KeyRunRow]) -> None:
    """Write durably the keys that stand in the runs `before` and in none of `left`."""

    def write(file: Path) -> None:
        with pq.ParquetWriter(file, _LOST, write_page_checksum=True) as writer:
            for run in before:
                for piece in run.hours:
                    keys = keys_of_slice(home.lake, run, piece)
                    lost = keys.where(~known(keys, home.lake, left))
                    writer.write_table(pa.table(list(lost), schema=_LOST))

    durable_write(path, write, home.staging, "lost")


def all_back(path: Path, root: Path, runs: Sequence[KeyRunRow]) -> bool:
    """Say whether all keys of a file of lost ones stand in `runs` again; `root` is the lake's folder.

    Raises LostKeysError where the file is missing or damaged.
    """
    return all(known(keys, root, runs).all() for keys in _read(path))


def _read(path: Path) -> Iterator[Keys]:
    try:
        with pq.ParquetFile(path, page_checksum_verification=True) as file:
            if file.schema_arrow != _LOST:
                raise LostKeysError(f"{path}: other columns than were written")
            for place in range(file.num_row_groups):
                yield Keys(*(column.to_numpy() for column in file.read_row_group(place).columns))
    except (pa.ArrowException, OSError) as fault:
        raise LostKeysError(f"{path}: {fault}") from fault
