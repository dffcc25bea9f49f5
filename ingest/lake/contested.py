"""Calls of one file that say something else than the lake's calls of the same keys: on disk, told apart by day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa

from ingest.cdr import CALL_SCHEMA


class Contested:
    """Put calls in, `close`, read them back; without any no file is made."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._writer: pa.ipc.RecordBatchFileWriter | None = None
        self._batches: dict[tuple[str, str], list[int]] = defaultdict(list)  # (operator, day) → places in the file
        self._written = 0

    def add(self, calls: pa.Table, operator: str, day: str) -> None:
        """Put in calls of one operator and day."""
        if not len(calls):
            return
        if self._writer is None:
            self._writer = pa.ipc.new_file(str(self._path), CALL_SCHEMA)
        for batch in calls.combine_chunks().to_batches():
            self._writer.write_batch(batch)
            self._batches[operator, day].append(self._written)
            self._written += 1

    def close(self) -> None:
        """Finish the file; after that nothing can be put in."""
        if self._writer is not None:
            self._writer.close()

    def days(self) -> list[tuple[str, str]]:
        """Give the (operator, day) of which there are calls."""
        return list(self._batches)

    def parts(self, operator: str, day: str, most_rows: int) -> Iterator[pa.Table]:
        """Give the calls of one operator and day in parts of about `most_rows`."""
        with pa.OSFile(str(self._path)) as source:  # mapped pages would count as the process's memory
            reader = pa.ipc.open_file(source)
            for part in _parts(reader, self._batches[operator, day], most_rows):
                yield pa.Table.from_batches(part)


def _parts(reader: pa.ipc.RecordBatchFileReader, places: list[int], most_rows: int) -> Iterator[list[pa.RecordBatch]]:
    part: list[pa.RecordBatch] = []
    for batch in map(reader.get_batch, places):
        if part and sum(map(len, part)) + len(batch) > most_rows:
            yield part
            part = []
        part.append(batch)
    yield part
