"""What a format gives: rows as they were written, some thousands at a time."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from ingest.values.arrow import Bools, Int64

RAW_BYTES = 65_536  # of a dead letter's row are kept
DEAD = pa.schema(
    [
        pa.field("row", pa.int64(), False),  # of the file; the first row after the header is 0
        pa.field("reason", pa.string(), False),
        pa.field("raw", pa.binary(), False),
    ]
)


@dataclass(frozen=True)
class Chunk:
    """Rows of a file: `rows` of them are whole and stand in `columns`, the others are in `dead`."""

    columns: Mapping[str, pa.Array]  # by source name, folded: text, or typed where the format has types
    rows: Int64  # place in the file of each row of `columns`
    raw: Callable[[Int64], pa.Array]  # positions within `columns` → the rows as they were written
    dead: pa.Table  # DEAD

    @property
    def total(self) -> int:
        """Rows of the file that this chunk accounts for."""
        return len(self.rows) + len(self.dead)

    def where(self, kept: Bools) -> Chunk:
        """Give the chunk without the whole rows that are not `kept`."""
        if kept.all():
            return self
        places, raw = np.flatnonzero(kept), self.raw
        columns = {name: column.filter(pa.array(kept)) for name, column in self.columns.items()}
        return Chunk(columns, self.rows[places], lambda positions: raw(places[positions]), self.dead)


@dataclass(frozen=True)
class Content:
    """An opened file: its rows, and its header where it has one."""

    unknown: Collection[str]  # columns that mean nothing to the mapping; without a header all once the rows are read
    chunks: Iterator[Chunk]
    names: tuple[str, ...] = ()  # as found
