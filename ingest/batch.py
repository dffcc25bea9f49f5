"""One file becomes a batch: read, validated, staged, written as segments and entered in the ledger, or refused."""

from __future__ import annotations

import hashlib
import shutil
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from sqlalchemy import Engine

from configs import IngestSettings
from ingest import ledger
from ingest.chunk import Content
from ingest.delivery import Delivery, file_digest, inspect, open_unpacked
from ingest.duplicates import without_known, without_repeats
from ingest.formats import csv, parquet
from ingest.home import Home
from ingest.ledger import COMPLETED, REJECTED, WITH_REJECTS, BatchRow, SegmentRow
from ingest.operators import Operator
from ingest.progress import Progress
from ingest.record_keys import OncePerFile
from ingest.rejection import RejectedError
from ingest.report import FileReport
from ingest.segments import write_segment
from ingest.staging import Staging
from ingest.validate import Validator

UNKNOWN_COLUMNS = "unknown_columns"
READERS: dict[str, Callable[[IO[bytes], Operator, IngestSettings], Content]] = {
    "csv": csv.read,
    "parquet": parquet.read,
}
_NOT_REMEMBERED = ("file_unreadable", "file_changed")  # says nothing about the content


@dataclass
class _Counts:
    """What is known of a file so far."""

    rows: int = 0
    accepted: int = 0
    duplicates: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    warnings: Counter[str] = field(default_factory=Counter)


class Batches:
    """Takes in files of one operator, one after the other."""

    def __init__(
        self, operator: Operator, home: Home, engine: Engine, limits: IngestSettings, progress: Progress
    ) -> None:
        self.operator, self.home, self.engine, self.limits, self.progress = operator, home, engine, limits, progress
        self.validator = Validator(operator, limits, _now())

    def take(self, path: Path) -> FileReport:
        """Take a file in whole, or refuse it whole; the ledger remembers either."""
        try:
            return self._take(path)
        except RejectedError as refusal:
            if refusal.reason not in _NOT_REMEMBERED:
                self._remember(path, refusal)
            return FileReport(str(path), REJECTED, reason=refusal.reason, message=str(refusal))

    def _take(self, path: Path) -> FileReport:
        delivery = inspect(path, self.limits)
        batch_id = self._id(delivery.digest)
        known = ledger.find_batch(self.engine, batch_id)
        if known is not None and _says_it_all(known):
            return _repeated(path, known)
        folder = self.home.staging / batch_id
        try:
            return self._fill(delivery, batch_id, folder)
        finally:
            shutil.rmtree(folder, ignore_errors=True)  # what cannot be removed now is swept by the next ingest

    def _fill(self, delivery: Delivery, batch_id: str, folder: Path) -> FileReport:
        counts = _Counts()
        with Staging(folder) as staging:
            self._stage(delivery, staging, counts)
        segments = self._write(staging, batch_id, counts)
        batch = self._row(delivery.path, delivery.digest, counts)
        ledger.enter_batch(self.engine, batch, segments, staging.dead_letters())
        return _report(delivery.path, batch)

    def _stage(self, delivery: Delivery, staging: Staging, counts: _Counts) -> None:
        with open_unpacked(delivery) as stream, _seekable(stream, delivery, staging.folder) as source:
            content = READERS[delivery.format](source, self.operator, self.limits)
            counts.warnings[UNKNOWN_COLUMNS] = len(content.unknown)
            for chunk in content.chunks:
                counts.rows += chunk.total
                found = self.validator.validate(chunk)
                counts.reasons.update(found.reasons())
                counts.warnings.update(found.warnings)
                staging.add(found.calls, found.dead)
                self._check_size(counts.rows, staging.day_count)
                self.progress.advance(chunk.total)

    def _write(self, staging: Staging, batch_id: str, counts: _Counts) -> list[SegmentRow]:
        written: list[SegmentRow] = []
        once = OncePerFile(staging.record_keys)
        for calls in staging.days(self.limits.segment_rows):
            fresh = without_known(once.keep(without_repeats(calls)), self.home.lake, self.engine, written)
            counts.duplicates += len(calls) - len(fresh)
            counts.accepted += len(fresh)
            if len(fresh):
                written.append(write_segment(fresh, batch_id, self.home))
        return written

    def _check_size(self, rows: int, days: int) -> None:
        if rows > self.limits.max_rows:
            raise RejectedError(
                "bomb_by_rows", f"more than {self.limits.max_rows} rows; split the file or raise ingest.max_rows"
            )
        if days > self.limits.max_days:
            raise RejectedError(
                "bomb_by_days",
                f"calls of more than {self.limits.max_days} days; split the file by year or raise ingest.max_days",
            )

    def _remember(self, path: Path, refusal: RejectedError) -> None:
        row = self._row(path, file_digest(path), _Counts(), str(refusal))
        ledger.enter_refusal(self.engine, row)

    def _id(self, digest: str) -> str:
        return hashlib.sha256(f"{self.operator.name} {self.operator.digest} {digest}".encode()).hexdigest()[:32]

    def _row(self, path: Path, digest: str, counts: _Counts, refusal: str | None = None) -> BatchRow:
        status = REJECTED if refusal else WITH_REJECTS if counts.reasons else COMPLETED
        return BatchRow(
            id=self._id(digest),
            operator=self.operator.name,
            mapping=self.operator.digest,
            digest=digest,
            name=path.name,
            size=path.stat().st_size,
            rows=counts.rows,
            accepted=counts.accepted,
            dead_lettered=counts.reasons.total(),
            duplicates=counts.duplicates,
            reasons=dict(sorted(counts.reasons.items())),
            warnings=dict(sorted((+counts.warnings).items())),
            status=status,
            message=refusal,
            taken_at=_now(),
        )


def _says_it_all(batch: BatchRow) -> bool:
    """Reading the file again can bring nothing new; what lay in the future then may be past by now."""
    return batch.status != REJECTED and "started_in_future" not in batch.reasons


def _report(path: Path, batch: BatchRow) -> FileReport:
    return FileReport(
        file=str(path),
        status=batch.status,
        rows=batch.rows,
        accepted=batch.accepted,
        dead_lettered=batch.dead_lettered,
        duplicates=batch.duplicates,
        reasons=batch.reasons,
        warnings=batch.warnings,
    )


def _repeated(path: Path, batch: BatchRow) -> FileReport:
    """Of the same content again every call is a duplicate; its dead letters are in the ledger already."""
    return FileReport(
        file=str(path),
        status=batch.status,
        rows=batch.rows,
        dead_lettered=batch.dead_lettered,
        duplicates=batch.accepted + batch.duplicates,
        reasons=batch.reasons,
        warnings=batch.warnings,
        repeated=True,
    )


@contextmanager
def _seekable(stream: IO[bytes], delivery: Delivery, folder: Path) -> Iterator[IO[bytes]]:
    """Give the content as its format needs it: Parquet is read from its end, so it is unpacked to a file first."""
    if delivery.format != "parquet" or not delivery.packed:
        yield stream
        return
    unpacked = folder / "unpacked"
    with unpacked.open("wb") as target:
        shutil.copyfileobj(stream, target)
    with unpacked.open("rb") as source:
        yield source


def _now() -> int:
    return time.time_ns() // 1000
