"""Derived days without erased numbers, where calls are not there to derive them from anew: dropped, or damaged."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from sqlalchemy import Engine, update

from ingest.faults import point
from ingest.files import durable_write
from ingest.home import Home
from ingest.lake.pair_index import files_of
from ingest.ledger.ledger import PairDayRow, find_pair_days
from ingest.ledger.tables import pair_days

_SIDES = ("caller", "callee")


def erase_pairs(home: Home, engine: Engine, numbers: Sequence[str]) -> None:
    """Take the pairs of some numbers out of all derived days, a day in one transaction."""
    for row in find_pair_days(engine).values():
        pairs = pq.ParquetFile(home.lake / row.path).read()
        found = [pc.is_in(pairs[side], value_set=pa.array(numbers)).to_numpy() for side in _SIDES]
        is_erased = np.any(found, axis=0)
        if is_erased.any():
            _replace(home, engine, row, pairs.filter(pa.array(~is_erased)))


def numbers_in_pairs(home: Home, engine: Engine) -> set[str]:
    """Give the numbers of all derived days."""
    files = [pq.ParquetFile(home.lake / row.path) for row in find_pair_days(engine).values()]
    return {number for file in files for side in _SIDES for number in _distinct(file, side)}


def _replace(home: Home, engine: Engine, row: PairDayRow, left: pa.Table) -> None:
    name = hashlib.sha256(f"{row.path} {row.rows} {len(left)}".encode()).hexdigest()[:32]
    path = f"pair_day/operator={row.operator}/day={row.day}/{name}.parquet"
    durable_write(
        home.lake / path, lambda file: pq.write_table(left, file, compression="zstd"), home.staging, "erase:pairs"
    )
    same = (pair_days.c.operator == row.operator) & (pair_days.c.day == row.day)
    with engine.begin() as connection:
        connection.execute(update(pair_days).where(same).values(path=path, rows=len(left)))
    for file in files_of(row.path):
        (home.lake / file).unlink(missing_ok=True)
    point("erase:pairs:removed")


def _distinct(file: pq.ParquetFile, side: str) -> list[str]:
    numbers: list[str] = file.read(columns=[side])[side].unique().to_pylist()
    return numbers
