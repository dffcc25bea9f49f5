"""Derived days without erased numbers, where calls are not there to derive them from anew: dropped, or damaged."""

from __future__ import annotations

import errno
import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from sqlalchemy import ColumnElement, Engine, delete, update

from ingest.faults import point
from ingest.files import durable_write
from ingest.home import Home
from ingest.lake.pair_day import PAIR_DAY
from ingest.lake.pair_index import files_of
from ingest.ledger.ledger import PairDayRow, find_pair_days
from ingest.ledger.tables import pair_days
from ingest.progress import Progress

_SIDES = ("caller", "callee")
_DAMAGE = (
    OSError,
    pa.ArrowException,
    KeyError,
    UnicodeDecodeError,
)  # what a flipped bit in a Parquet file comes out as


def erase_pairs(home: Home, engine: Engine, numbers: Sequence[str], progress: Progress) -> None:
    """Take the pairs of some numbers out of all derived days, a day in one transaction.

    Days whose pairs are damaged or missing are let go, since nothing can be erased from them; `progress` is told.
    Raises OSError where a file cannot be opened or the disk fails.
    """
    for row, pairs in _readable(home, engine, progress):
        found = [pc.is_in(pairs[side], value_set=pa.array(numbers)).to_numpy() for side in _SIDES]
        is_erased = np.any(found, axis=0)
        if is_erased.any():
            _replace(home, engine, row, pairs.filter(pa.array(~is_erased)))


def numbers_in_pairs(home: Home, engine: Engine, progress: Progress) -> set[str]:
    """Give the numbers of all derived days; days are let go and OSError is raised as by `erase_pairs`."""
    found = _readable(home, engine, progress, _SIDES)
    return {number for _, pairs in found for side in _SIDES for number in pairs[side].unique().to_pylist()}


def _readable(
    home: Home, engine: Engine, progress: Progress, columns: Sequence[str] | None = None
) -> Iterator[tuple[PairDayRow, pa.Table]]:
    for row in find_pair_days(engine).values():
        try:
            pairs = _read(home.lake / row.path, columns)
        except _DAMAGE as damage:
            if _is_of_the_machine(damage):
                raise
            _let_go(home, engine, row)
            progress.note(
                f"{row.path} cannot be read ({type(damage).__name__}), so nothing can be erased from it: it is let "
                "go, and goes again if it is put back. It is derived anew where all calls of the day are there"
            )
            continue
        yield row, pairs


def _read(path: Path, columns: Sequence[str] | None) -> pa.Table:
    with path.open("rb") as file:
        pairs = pq.ParquetFile(file).read(columns=columns)
    pairs.validate(full=True)
    if any(pairs.schema.field(side).type != PAIR_DAY.field(side).type for side in _SIDES):
        raise pa.ArrowInvalid("numbers are no texts")
    return pairs


def _is_of_the_machine(problem: BaseException) -> bool:
    """Whether the file may be whole: it could not be opened, the disk failed, or memory ran out."""
    is_disk = isinstance(problem, OSError) and problem.errno not in (None, errno.ENOENT)
    return is_disk or isinstance(problem, MemoryError)


def _let_go(home: Home, engine: Engine, row: PairDayRow) -> None:
    with engine.begin() as connection:
        connection.execute(delete(pair_days).where(_is_of(row)))
    for file in files_of(row.path):
        (home.lake / file).unlink(missing_ok=True)


def _replace(home: Home, engine: Engine, row: PairDayRow, left: pa.Table) -> None:
    name = hashlib.sha256(f"{row.path} {row.rows} {len(left)}".encode()).hexdigest()[:32]
    path = f"pair_day/operator={row.operator}/day={row.day}/{name}.parquet"
    durable_write(
        home.lake / path, lambda file: pq.write_table(left, file, compression="zstd"), home.staging, "erase:pairs"
    )
    with engine.begin() as connection:
        connection.execute(update(pair_days).where(_is_of(row)).values(path=path, rows=len(left)))
    for file in files_of(row.path):
        (home.lake / file).unlink(missing_ok=True)
    point("erase:pairs:removed")


def _is_of(row: PairDayRow) -> ColumnElement[bool]:
    return (pair_days.c.operator == row.operator) & (pair_days.c.day == row.day)
