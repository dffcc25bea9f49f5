"""Calls of one file between validation and the lake: on disk, told apart by day, read back a day at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
import pyarrow as pa

from ingest.cdr import CALL_SCHEMA
from ingest.lake.lake import DAY_US
from ingest.lake.record_keys import record_keys
from ingest.ledger.dead_letters import DeadFile
from ingest.values.arrow import Int64


class Staging:
    """Calls and dead letters of one file; `close` before reading them back."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o700)
        self.folder = folder
        self._calls_path = folder / "calls.arrow"
        self._calls = pa.ipc.new_file(str(self._calls_path), CALL_SCHEMA)
        self.dead = DeadFile(folder / "dead.arrow")
        self._batches: dict[int, list[int]] = defaultdict(list)  # day since 1970 → places in the file of calls
        self._written = 0
        self.record_keys = folder / "record_keys"  # 25 bytes a call that has a record number
        self._record_keys = self.record_keys.open("wb")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Finish the files, each of them whatever becomes of the others; may be repeated."""
        with ExitStack() as files:
            for file in (self._record_keys, self.dead, self._calls):
                files.callback(file.close)

    def add(self, calls: pa.Table, dead: pa.Table) -> None:
        """Put in what came of one chunk."""
        self.dead.add(dead)
        if len(calls):
            self._add_calls(calls)
            self._record_keys.write(record_keys(calls))

    def _add_calls(self, calls: pa.Table) -> None:
        days: Int64 = calls["started"].to_numpy() // DAY_US
        order = np.argsort(days, kind="stable")
        ordered = calls.take(pa.array(order)) if (np.diff(days) < 0).any() else calls
        found, starts = np.unique(days[order], return_index=True)
        for day, start, end in zip(found.tolist(), starts.tolist(), [*starts[1:].tolist(), len(days)], strict=True):
            for batch in ordered.slice(start, end - start).combine_chunks().to_batches():
                self._calls.write_batch(batch)
                self._batches[day].append(self._written)
                self._written += 1

    @property
    def day_count(self) -> int:
        """Days of which there are calls so far."""
        return len(self._batches)

    def days(self, most_rows: int) -> Iterator[pa.Table]:
        """Give the calls day by day, a day with many more than `most_rows` in several parts, in the order they came."""
        with pa.OSFile(str(self._calls_path)) as source:  # mapped pages would count as the process's memory
            reader = pa.ipc.open_file(source)
            for day in sorted(self._batches):
                for part in _parts(reader, self._batches[day], most_rows):
                    yield pa.Table.from_batches(part, CALL_SCHEMA)


def _parts(
    reader: pa.ipc.RecordBatchFileReader, places: Sequence[int], most_rows: int
) -> Iterator[list[pa.RecordBatch]]:
    part: list[pa.RecordBatch] = []
    rows = 0
    for place in places:
        batch = reader.get_batch(place)
        if part and rows + len(batch) > most_rows:
            yield part
            part, rows = [], 0
        part.append(batch)
        rows += len(batch)
    yield part
