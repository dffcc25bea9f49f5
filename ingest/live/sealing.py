"""Live logs become segments: a log enters the lake as one batch in one transaction, then it is removed."""

from __future__ import annotations

import hashlib
import shutil
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import numpy as np
import pyarrow as pa
from sqlalchemy import Engine

from configs import Settings
from ingest.dead.share import dead_warning
from ingest.erased.erased import Erased
from ingest.erasing.dead import readers_of
from ingest.faults import point
from ingest.files import fsync
from ingest.home import Home, HomeBusyError
from ingest.lake.checksums import checksum_of
from ingest.lake.key_merging import merge_runs
from ingest.lake.labels import LABEL_CONFLICTS
from ingest.lake.lake import Lake
from ingest.lake.pair_day import refresh
from ingest.lake.staging import Staging
from ingest.lake.writing import Writing
from ingest.ledger import ledger
from ingest.ledger.database import open_database
from ingest.ledger.dead_letters import dead_entry
from ingest.ledger.ledger import COMPLETED, WITH_REJECTS, BatchRow
from ingest.live.log import DamagedLogError, Frame, Head, cut_torn, logs_of, partitions, read_frames, read_heads
from ingest.live.marks import is_sealed, sealed_entry
from ingest.progress import Progress
from ingest.reading import NOT_CALLS, UNKNOWN_COLUMNS
from ingest.upkeep import finish, prepare


@dataclass
class _Held:
    """What the frames of a log hold."""

    heads: list[Head] = field(default_factory=list)
    rows: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    warnings: Counter[str] = field(default_factory=Counter)
    places: int = 0  # rows of the source so far, those that are no calls included

    @property
    def last(self) -> Head:
        """Give the head of the last frame; of what a batch says all frames of a log are alike."""
        return self.heads[-1]

    @property
    def marks(self) -> dict[str, int]:
        """Give the position after the last frame of each source."""
        return {head.source: head.end for head in self.heads}

    def count(self, head: Head, reasons: Mapping[str, int]) -> None:
        """Take in a frame's counts."""
        unknown = max(self.warnings[UNKNOWN_COLUMNS], head.warnings.get(UNKNOWN_COLUMNS, 0))
        self.heads.append(head)
        self.rows += head.rows
        self.places += _places(head)
        self.reasons.update(reasons)
        self.warnings.update(head.warnings)
        self.warnings[UNKNOWN_COLUMNS] = unknown


@dataclass(frozen=True)
class Left:
    """Live logs that wait to be sealed."""

    logs: int
    rows: int
    faults: tuple[str, ...]  # of logs that are damaged


def seal_operator(home: Home, operator: str, settings: Settings, progress: Progress) -> list[BatchRow]:
    """Seal all live logs of one operator and give their batches, in the order in which they were begun.

    The caller holds `home.writing` and `home.streaming(operator)`, and writes to none of the logs. Raises
    DamagedLogError, OSError and SQLAlchemyError for the disk; what was sealed by then stays.
    """
    engine = open_database(home, "ledger")
    prepare(home, engine, progress)
    sealing = _Sealing(home, operator, engine, settings)
    batches = [sealing.seal(log) for log in logs_of(home, operator)]
    finish(home, engine, settings, progress)
    refresh(Lake(home), None, None, settings.features.night_local_h, progress)
    return [batch for batch in batches if batch is not None]


def seal_left(home: Home, settings: Settings, progress: Progress) -> None:
    """Seal the live logs that no stream holds: what was killed left them. The caller holds `home.writing`."""
    for operator in partitions(home):
        if not logs_of(home, operator):
            continue
        try:
            with home.streaming(operator, "sealing"):
                batches = seal_operator(home, operator, settings, progress)
        except HomeBusyError:
            continue  # its stream seals them
        except DamagedLogError as error:
            progress.note(str(error))
            continue
        if batches:
            progress.note(f"{sum(batch.rows for batch in batches):,} rows of a stream that was killed were sealed")


def left_logs(home: Home) -> Left:
    """Give what waits to be sealed, of streams that run and of those that were killed."""
    logs = [log for operator in partitions(home) for log in logs_of(home, operator)]
    rows, faults = 0, []
    for log in logs:
        try:
            rows += sum(head.rows for head in read_heads(log))
        except DamagedLogError as error:
            faults.append(str(error))
        except FileNotFoundError:
            continue  # sealed meanwhile
    return Left(len(logs), rows, tuple(faults))


class _Sealing:
    """Seals the logs of one operator."""

    def __init__(self, home: Home, operator: str, engine: Engine, settings: Settings) -> None:
        self.home, self.operator, self.engine, self.limits = home, operator, engine, settings.ingest
        self._erased = Erased.load(home, engine, settings.ingest)  # of erased numbers may have come before
        self._readers = readers_of(home, operator) if self._erased else ()

    def seal(self, log: Path) -> BatchRow | None:
        """Seal one log and give its batch, None where the log brings nothing."""
        cut_torn(log)
        point("live:seal:begun")
        digest = checksum_of(log)
        is_new = log.stat().st_size > 0 and not is_sealed(self.engine, digest)
        batch = self._enter(log, digest) if is_new else None
        point("live:seal:entered")
        log.unlink()
        fsync(log.parent)
        point("live:seal:removed")
        return batch

    def _enter(self, log: Path, digest: str) -> BatchRow:
        folder = self.home.staging / uuid4().hex
        try:
            with Staging(folder) as staging:
                held = self._stage(log, staging)
            batch = hashlib.sha256(f"{self.operator} {held.last.mapping} {digest}".encode()).hexdigest()[:32]
            writing = Writing(batch, self.home, self.engine)
            writing.write(staging, self.limits.segment_rows)
            row = self._row(log, digest, held, writing)
            also = [
                writing.changes.enter,
                dead_entry(batch, staging.dead.blocks()),
                sealed_entry(digest, held.marks),
            ]
            ledger.enter_batch(self.engine, row, (), also)
            writing.changes.remove_files()
            merge_runs(self.home, self.engine, ((run.operator, run.day) for run in writing.changes.runs))
            return row
        finally:
            shutil.rmtree(folder, ignore_errors=True)  # what cannot be removed now is swept by the next writer

    def _stage(self, log: Path, staging: Staging) -> _Held:
        held = _Held()
        for frame in read_frames(log):
            calls, dead = self._sift(frame)
            places = pa.array(dead["row"].to_numpy().astype(np.int64) + held.places)
            staging.add(calls, dead.set_column(0, dead.schema.field("row"), places))
            held.count(frame.head, Counter(dead["reason"].to_pylist()))
        return held

    def _sift(self, frame: Frame) -> tuple[pa.Table, pa.Table]:
        if self._erased is None:
            return frame.calls, frame.dead
        return self._erased.sift(frame.calls, frame.dead, _places(frame.head), self._readers)

    def _row(self, log: Path, digest: str, held: _Held, writing: Writing) -> BatchRow:
        dead = held.reasons.total()
        held.warnings[LABEL_CONFLICTS] = writing.label_conflicts
        held.warnings.update(dead_warning(held.rows, dead, self.limits))
        return BatchRow(
            id=writing.batch,
            operator=self.operator,
            mapping=held.last.mapping,
            digest=digest,
            name=held.last.name,
            size=log.stat().st_size,
            rows=held.rows,
            accepted=writing.accepted,
            dead_lettered=dead,
            duplicates=writing.duplicates,
            reasons=dict(sorted(held.reasons.items())),
            warnings=dict(sorted((+held.warnings).items())),
            status=WITH_REJECTS if dead else COMPLETED,
            message=None,
            taken_at=time.time_ns() // 1000,
            format=held.last.format,
            header=list(held.last.names) or None,
        )


def _places(head: Head) -> int:
    """Give how many rows of the source a frame is of, those that are no calls included."""
    return head.rows + head.warnings.get(NOT_CALLS, 0)
