"""Records of a format without a header become chunks: the texts of the names that the mapping wants."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from configs import IngestSettings
from ingest.mapping.dialects import fold
from ingest.mapping.operators import Operator
from ingest.records.chunk import DEAD, RAW_BYTES, Chunk, Content
from ingest.records.header import check_doubled
from ingest.rejection import RejectedError

FIRST = 1_000  # records, at most, that must name what the mapping needs
_ROWS = 20_000  # of a chunk at most: a record takes some KB of memory while it is one
_NAMES = 1_000  # unknown names that are told
_REMEMBERED = 10_000  # names whose meaning is remembered
_BARREN = 100_000  # damaged and empty records that a file may have whatever its length


class Record(NamedTuple):
    """One record: the texts of the wanted names in their order (None: it has none), or why it gives none."""

    texts: Sequence[str | None]
    written: bytes | Mapping[str, object]  # as the file has it, or by the file's names
    size: int  # bytes, roughly, that it takes up
    fault: str = ""


class Names:
    """The names that a mapping wants of a file, and those that the file has besides."""

    def __init__(self, operator: Operator) -> None:
        self.wanted = tuple(sorted(operator.sources))
        self.seen: set[str] = set()  # of the wanted ones
        self.unknown: dict[str, None] = {}
        self._operator = operator
        self._places = {name: place for place, name in enumerate(self.wanted)}
        self._known: dict[str, int | None] = {}

    def place(self, name: str) -> int | None:
        """Give the place of a name among the wanted ones, None where the mapping does not want it."""
        try:
            return self._known[name]
        except KeyError:
            return self._learn(name)

    def check(self) -> None:
        """Raise RejectedError where what calls cannot do without was never among the names so far."""
        missing = self._operator.missing(frozenset(self.seen))
        if not missing:
            return
        none = missing == self._operator.missing(frozenset())
        raise RejectedError(
            "header_missing" if none else "column_missing",
            f"none of the first records has {', '.join(missing)}, which operator {self._operator.name} needs; "
            "export it or name the right --operator",
        )

    def _learn(self, name: str) -> int | None:
        folded = fold(name)
        place = self._places.get(folded)
        if place is not None and folded not in self.seen:
            self.seen.add(folded)
            check_doubled(sorted(self.seen), self._operator)
        elif place is None and len(self.unknown) < _NAMES:
            self.unknown[folded] = None
        if place is not None or len(self._known) < _REMEMBERED:
            self._known[name] = place
        return place


def content_of(records: Iterator[Record], names: Names, limits: IngestSettings) -> Content:
    """Give records as chunks; raises RejectedError now for what the first ones say of the file as a whole."""
    chunks = _chunks(records, names, limits)
    first = next(chunks, None)
    if first is None:
        return Content((), iter(()))
    names.check()
    return Content(names.unknown.keys(), chain([first], chunks))


class _Gathered:
    """Records on the way to a chunk, the first of them row `first` of the file."""

    def __init__(self, names: Names, first: int) -> None:
        self.rows = self.size = self.barren = 0
        self._names, self._first = names, first
        self._seen: frozenset[str] = frozenset()
        self._good: list[Record] = []
        self._places: list[int] = []
        self._dead: list[tuple[int, str, bytes]] = []

    @property
    def next_row(self) -> int:
        """The row of the file that comes after these."""
        return self._first + self.rows

    @property
    def is_outdated(self) -> bool:
        """Whether a wanted name turned up that these records did not know of; the first ones wait for each other."""
        return self._first > 0 and self.rows > 0 and len(self._names.seen) > len(self._seen)

    def add(self, record: Record) -> None:
        """Put in the next record of the file."""
        if not self.rows or not self._first:
            self._seen = frozenset(self._names.seen)
        if record.fault:
            self._dead.append((self.next_row, record.fault, _shown(record.written)))
        else:
            self._good.append(record)
            self._places.append(self.next_row)
        self.rows += 1
        self.size += record.size
        self.barren += not any(record.texts)

    def chunk(self) -> Chunk:
        """Give the records so far."""
        good, wanted = self._good, self._names.wanted
        texts = list(zip(*(record.texts for record in good), strict=True)) or [()] * len(wanted)
        columns = {
            name: pa.array(column, pa.string())
            for name, column in zip(wanted, texts, strict=True)
            if name in self._seen
        }
        dead = pa.table([list(column) for column in zip(*self._dead, strict=True)] or [[], [], []], schema=DEAD)
        return Chunk(
            columns,
            np.array(self._places, dtype=np.int64),
            lambda positions: pa.array([_shown(good[place].written) for place in positions.tolist()], pa.binary()),
            dead,
        )


def _chunks(records: Iterator[Record], names: Names, limits: IngestSettings) -> Iterator[Chunk]:
    """Cut records into chunks, and where a wanted name turns up late, so that no limit decides what a record says."""
    most_bytes = max(limits.block_bytes, 4 * limits.max_row_bytes)
    barren, most_rows = 0, FIRST
    gathered = _Gathered(names, 0)
    for record in records:
        if gathered.is_outdated:
            yield gathered.chunk()
            gathered = _Gathered(names, gathered.next_row)
        gathered.add(record)
        if gathered.rows >= most_rows or gathered.size >= most_bytes:
            barren, most_rows = barren + gathered.barren, min(limits.chunk_rows, _ROWS)
            _check_worth(gathered.next_row, barren)
            yield gathered.chunk()
            gathered = _Gathered(names, gathered.next_row)
    if gathered.rows:
        yield gathered.chunk()


def _check_worth(rows: int, barren: int) -> None:
    """Refuse what would take hours to find useless: a good record is long, damage and emptiness are short."""
    if barren > _BARREN and barren * 2 > rows:
        raise RejectedError(
            "records_barren",
            f"{barren} of the first {rows} records are damaged or empty; bring the file that this operator writes",
        )


def _shown(written: bytes | Mapping[str, object]) -> bytes:
    if isinstance(written, bytes):
        return written[:RAW_BYTES]
    return json.dumps(written, ensure_ascii=False, default=str).encode("utf-8", "backslashreplace")[:RAW_BYTES]
