"""Which numbers a segment holds, read from as little of it as will do: the columns of numbers, as dictionaries."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from ingest.erased.erased import SIDES


def read_calls(path: Path) -> pa.Table:
    """Give all calls of a segment."""
    return pq.ParquetFile(path).read()


def holds(path: Path, numbers: Collection[str]) -> bool:
    """Say whether a segment has a call with one of some numbers.

    Parts whose least and greatest number tell that none is among them are not read: callers are sorted.
    """
    wanted = pa.array(sorted(numbers))
    with pq.ParquetFile(path, read_dictionary=list(SIDES)) as file:
        for group in range(file.num_row_groups):
            sides = _sides_that_may_hold(file.metadata.row_group(group), numbers)
            if sides and any(pc.any(pc.is_in(found, wanted)).as_py() for found in _dictionaries(file, group, sides)):
                return True
    return False


def numbers_of(path: Path) -> set[str]:
    """Give every number that a segment holds."""
    with pq.ParquetFile(path, read_dictionary=list(SIDES)) as file:
        found = (_dictionaries(file, group, list(SIDES)) for group in range(file.num_row_groups))
        return {number for of_group in found for numbers in of_group for number in numbers.to_pylist()}


def _dictionaries(file: pq.ParquetFile, group: int, sides: list[str]) -> Iterator[pa.Array]:
    """Give the distinct numbers of a part of the file, some of them more than once."""
    for column in file.read_row_group(group, columns=sides).columns:
        for chunk in column.chunks:
            yield chunk.dictionary


def _sides_that_may_hold(group: pq.RowGroupMetaData, numbers: Collection[str]) -> list[str]:
    columns = {column.path_in_schema: column for column in map(group.column, range(group.num_columns))}
    return [side for side in SIDES if _may_hold(columns[side], numbers)]


def _may_hold(column: pq.ColumnChunkMetaData, numbers: Collection[str]) -> bool:
    told = column.statistics
    if told is None or told.null_count is None:
        return True
    if told.null_count == column.num_values:
        return False
    return not told.has_min_max or any(told.min <= number <= told.max for number in numbers)
