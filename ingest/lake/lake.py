"""The lake as its readers see it: the segments that the ledger names, and nothing else."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from ingest.cdr import CALL_SCHEMA
from ingest.erased import tombstones
from ingest.fingerprint import Fingerprint, total
from ingest.home import Home
from ingest.lake.quarantine import DamagedLakeError, check, faults_of, find_quarantined, refuse
from ingest.ledger import ledger
from ingest.ledger.database import open_database

__all__ = ["DAY_US", "DamagedLakeError", "Lake", "Segment", "day_of", "day_start"]

DAY_US = 86_400_000_000
_AT_ONCE = 131_072  # calls read together
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Segment:
    """One Parquet file of calls: one operator, one UTC day, columns of CALL_SCHEMA, sorted by (caller, started, …)."""

    id: str
    operator: str
    day: str
    path: Path
    rows: int
    first_started: int
    last_started: int
    fingerprint: Fingerprint


class Lake:
    """Reads the lake of one home; times are µs since 1970-01-01T00:00Z, spans half-open, None is unbounded.

    When DuckDB reads `paths()` it must be told `hive_partitioning = false`: the columns stand in the files.
    """

    def __init__(self, home: Home) -> None:
        self.home, self.root = home, home.lake
        self.engine = open_database(home, "ledger")

    def segments(
        self, operators: Sequence[str] | None = None, start: int | None = None, end: int | None = None
    ) -> list[Segment]:
        """Give the segments that hold calls in the span, sorted by operator, day and first call.

        What is in the quarantine is not among them, and no file is looked at: who reads calls asks for `paths`.
        """
        return [self._segment(row) for row in self._rows(operators, start, end)]

    def paths(
        self, operators: Sequence[str] | None = None, start: int | None = None, end: int | None = None
    ) -> list[Path]:
        """Give the files of `segments`, all of them as they were written; the caller holds the home's write lock.

        Raises DamagedLakeError where calls of a day that the span touches are damaged or missing: what is found now
        is set aside, and every later question refuses too until it is mended.
        """
        refuse(find_quarantined(self.engine, operators, *_days(start, end)))
        rows = self._rows(operators, start, end)
        check(self.home, self.engine, rows)
        return [self.root / row.path for row in rows]

    def check(self, segments: Sequence[Segment]) -> None:
        """Raise DamagedLakeError, and set aside what is damaged, where files are not what was written."""
        wanted = {segment.id for segment in segments}
        days = sorted(segment.day for segment in segments)
        rows = ledger.find_segments(self.engine, None, days[0], days[-1]) if days else []
        check(self.home, self.engine, [row for row in rows if row.id in wanted])

    def damaged_days(self) -> set[tuple[str, str]]:
        """Give (operator, day) of all days of which calls are missing."""
        return {(row.operator, row.day) for row in find_quarantined(self.engine)}

    def erased_pending(self) -> dict[str, str]:
        """Give number by keyed hash of the erased ones whose calls may still be in files; mostly there are none.

        Who reads calls leaves those out.
        """
        return tombstones.pending(self.engine)

    def operators(self) -> list[str]:
        """Give the operators that have calls in the lake, sorted."""
        return ledger.find_operators(self.engine)

    def newest_call(self, operators: Sequence[str] | None = None) -> int | None:
        """Give the start of the newest accepted call, None in an empty lake."""
        return ledger.newest_call(self.engine, operators)

    def digest(self) -> str:
        """Give the SHA-256 of all calls as hex, read from the files: blind to order, segments, batches and labels.

        Changes nothing; raises DamagedLakeError.
        """
        refuse(find_quarantined(self.engine))
        days: dict[tuple[str, str], list[Fingerprint]] = defaultdict(list)
        for row in ledger.find_segments(self.engine):
            for segment, why in faults_of(self.root, [row]).items():
                raise DamagedLakeError(f"{segment.path}: {why}; `ringfence doctor --deep` sets it aside")
            days[row.operator, row.day].append(fingerprint_of(self.root / row.path))
        return _digest_of(days)

    def data_digest(self, operators: Sequence[str] | None, start: int | None, end: int | None) -> str:
        """Give the SHA-256 of all calls of the days that the span touches, from the ledger alone."""
        days: dict[tuple[str, str], list[Fingerprint]] = defaultdict(list)
        for row in ledger.find_segments(self.engine, operators, *_days(start, end)):
            days[row.operator, row.day].append(self._segment(row).fingerprint)
        return _digest_of(days)

    def _rows(self, operators: Sequence[str] | None, start: int | None, end: int | None) -> list[ledger.SegmentRow]:
        rows = ledger.find_segments(self.engine, operators, *_days(start, end))
        return [row for row in rows if _overlaps(row, start, end)]

    def _segment(self, row: ledger.SegmentRow) -> Segment:
        path = self.root / row.path
        fingerprint = Fingerprint.parse(row.digest) if row.digest else fingerprint_of(path)
        return Segment(row.id, row.operator, row.day, path, row.rows, row.first_started, row.last_started, fingerprint)


def day_of(us: int) -> str:
    """Give the UTC day of an instant as an ISO date."""
    return (_EPOCH + timedelta(days=us // DAY_US)).date().isoformat()


def day_start(day: str) -> int:
    """Give the first instant of a UTC day."""
    return (datetime.fromisoformat(day).replace(tzinfo=UTC) - _EPOCH).days * DAY_US


def _days(start: int | None, end: int | None) -> tuple[str, str]:
    """Give the first and the last day that a span touches."""
    return "" if start is None else day_of(start), "9999-12-31" if end is None else day_of(end - 1)


def _overlaps(row: ledger.SegmentRow, start: int | None, end: int | None) -> bool:
    return (start is None or row.last_started >= start) and (end is None or row.first_started < end)


def fingerprint_of(path: Path) -> Fingerprint:
    """Read a file's calls some at a time."""
    batches = pq.ParquetFile(path).iter_batches(_AT_ONCE, columns=CALL_SCHEMA.names)
    return total([Fingerprint.of(pa.Table.from_batches([batch])) for batch in batches])


def _digest_of(days: dict[tuple[str, str], list[Fingerprint]]) -> str:
    lines = [f"{operator} {day} {total(parts)}\n" for (operator, day), parts in sorted(days.items())]
    return hashlib.sha256("".join(lines).encode()).hexdigest()
