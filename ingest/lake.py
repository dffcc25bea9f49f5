"""The lake as its readers see it: the segments that the ledger names, and nothing else."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow.parquet as pq

from ingest import ledger
from ingest.cdr import CALL_SCHEMA
from ingest.database import open_database
from ingest.fingerprint import Fingerprint, total
from ingest.home import Home

DAY_US = 86_400_000_000
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
        """Give the segments that hold calls in the span, sorted by operator, day and first call."""
        return [s for s in self._of_days(operators, start, end) if _overlaps(s, start, end)]

    def paths(
        self, operators: Sequence[str] | None = None, start: int | None = None, end: int | None = None
    ) -> list[Path]:
        """Give the files of `segments`."""
        return [segment.path for segment in self.segments(operators, start, end)]

    def operators(self) -> list[str]:
        """Give the operators that have calls in the lake, sorted."""
        return sorted({segment.operator for segment in self.segments()})

    def newest_call(self, operators: Sequence[str] | None = None) -> int | None:
        """Give the start of the newest accepted call, None in an empty lake."""
        return ledger.newest_call(self.engine, operators)

    def digest(self) -> str:
        """Give the SHA-256 of all calls as hex, read from the files: blind to order, segments, batches and labels."""
        days: dict[tuple[str, str], list[Fingerprint]] = defaultdict(list)
        for segment in self.segments():
            calls = pq.ParquetFile(segment.path).read(columns=CALL_SCHEMA.names)
            days[segment.operator, segment.day].append(Fingerprint.of(calls))
        return _digest_of(days)

    def data_digest(self, operators: Sequence[str] | None, start: int | None, end: int | None) -> str:
        """Give the SHA-256 of all calls of the days that the span touches, from the ledger alone."""
        days: dict[tuple[str, str], list[Fingerprint]] = defaultdict(list)
        for segment in self._of_days(operators, start, end):
            days[segment.operator, segment.day].append(segment.fingerprint)
        return _digest_of(days)

    def _of_days(self, operators: Sequence[str] | None, start: int | None, end: int | None) -> list[Segment]:
        first = "" if start is None else day_of(start)
        last = "9999-12-31" if end is None else day_of(end - 1)
        return [self._segment(row) for row in ledger.find_segments(self.engine, operators, first, last)]

    def _segment(self, row: ledger.SegmentRow) -> Segment:
        fingerprint = Fingerprint.parse(row.digest)
        path = self.root / row.path
        return Segment(row.id, row.operator, row.day, path, row.rows, row.first_started, row.last_started, fingerprint)


def day_of(us: int) -> str:
    """Give the UTC day of an instant as an ISO date."""
    return (_EPOCH + timedelta(days=us // DAY_US)).date().isoformat()


def day_start(day: str) -> int:
    """Give the first instant of a UTC day."""
    return (datetime.fromisoformat(day).replace(tzinfo=UTC) - _EPOCH).days * DAY_US


def _overlaps(segment: Segment, start: int | None, end: int | None) -> bool:
    return (start is None or segment.last_started >= start) and (end is None or segment.first_started < end)


def _digest_of(days: dict[tuple[str, str], list[Fingerprint]]) -> str:
    lines = [f"{operator} {day} {total(parts)}\n" for (operator, day), parts in sorted(days.items())]
    return hashlib.sha256("".join(lines).encode()).hexdigest()
