"""Which columns the record has, from the files' own statistics."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path

import pyarrow.parquet as pq


def recorded_columns(paths: Sequence[Path], wanted: Collection[str]) -> set[str]:
    """Give those of `wanted` that have a value in at least one of the segments; only their footers are read."""
    found: set[str] = set()
    for path in paths:
        found |= set(_with_values(pq.read_metadata(path), set(wanted) - found))
        if found == set(wanted):
            break
    return found


def _with_values(footer: pq.FileMetaData, wanted: Iterable[str]) -> Iterator[str]:
    places = {footer.schema.column(at).path: at for at in range(footer.num_columns)}
    for name in wanted:
        groups = (footer.row_group(at) for at in range(footer.num_row_groups))
        if any(_has_values(group.column(places[name])) for group in groups):
            yield name


def _has_values(column: pq.ColumnChunkMetaData) -> bool:
    """Tell whether a column's chunk has values; one without statistics may have some."""
    told = column.statistics
    return told is None or not told.has_null_count or bool(told.null_count < column.num_values)
