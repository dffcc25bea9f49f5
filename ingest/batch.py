"""One delivery becomes a batch: read, validated, staged, written as segments and entered in the ledger, or refused."""

from __future__ import annotations

import hashlib
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

from sqlalchemy import Connection, Engine

from configs import Settings
from ingest.admission import Admission
from ingest.dead.share import check_held, dead_warning
from ingest.deliveries.delivery import Delivery, file_digest, look_into
from ingest.deliveries.finding import Source
from ingest.deliveries.kinds import Naming
from ingest.files import spelt
from ingest.home import Home
from ingest.lake import quarantine
from ingest.lake.key_merging import merge_runs
from ingest.lake.labels import LABEL_CONFLICTS
from ingest.lake.staging import Staging
from ingest.lake.writing import Writing
from ingest.ledger import ledger
from ingest.ledger.dead_letters import dead_entry
from ingest.ledger.ledger import COMPLETED, REJECTED, WITH_REJECTS, BatchRow, Entry
from ingest.mapping.operators import Operator
from ingest.pairing.pairing import Pairing
from ingest.progress import Progress
from ingest.reading import Read, Readers
from ingest.rejection import RejectedError
from ingest.report import FileReport

_NOT_REMEMBERED = ("file_unreadable", "file_changed")  # says nothing about the content


class Batches:
    """Takes in files of one operator, one after the other."""

    def __init__(self, operator: Operator, home: Home, engine: Engine, settings: Settings, progress: Progress) -> None:
        self.operator, self.home, self.engine, self.limits = operator, home, engine, settings.ingest
        self.progress = progress
        self.admission = Admission.of(home, engine, operator.name, settings)
        self.readers = Readers(operator, settings.ingest, self.admission)

    def take(self, source: Source, naming: Naming) -> tuple[list[FileReport], list[str]]:
        """Take in what a source holds, and give what became of it and what of an archive was passed over."""
        try:
            found = look_into(source, naming, self.limits)
        except RejectedError as refusal:
            if refusal.reason not in _NOT_REMEMBERED:
                self._remember(spelt(source.path.name), source.path.stat().st_size, file_digest(source.path), refusal)
            return [_refused(source.name, refusal)], []
        return [self._take(delivery) for delivery in found.taken], list(found.passed_over)

    def _take(self, delivery: Delivery) -> FileReport:
        """Take a delivery in whole, or refuse it whole; the ledger remembers either."""
        known = ledger.find_packed(self.engine, self.operator.name, self.operator.digest, delivery.packed_digest)
        if known is not None and self._says_it_all(known, delivery):
            self.progress.advance(delivery.size)
            return _repeated(delivery.name, known)
        try:
            with self._staging() as staging:
                return self._fill(delivery, staging)
        except RejectedError as refusal:
            if refusal.reason not in _NOT_REMEMBERED:
                self._remember(delivery.label, delivery.size, delivery.packed_digest, refusal)
            return _refused(delivery.name, refusal)

    def _fill(self, delivery: Delivery, staging: Staging) -> FileReport:
        losses = quarantine.losses(self.engine, self.operator.name)
        with self._pairing(staging.folder) as pairing:
            found = self.readers.read(delivery, staging, pairing, self.progress.advance)
            staging.close()
            known = ledger.find_batch(self.engine, self._id(found.digest))
            if known is not None and self._says_it_all(known, delivery):
                return _repeated(delivery.name, known)
            check_held(found.rows, found.reasons.total(), self.limits)
            return self._write(delivery, found, staging, pairing, losses)

    def _write(
        self, delivery: Delivery, found: Read, staging: Staging, pairing: Pairing | None, losses: list[str]
    ) -> FileReport:
        writing = Writing(self._id(found.digest), self.home, self.engine)
        writing.write(staging, self.limits.segment_rows)
        batch = replace(self._row(delivery, found, writing), read_after=losses or None)
        self._enter(ledger.enter_batch, batch, writing, staging, pairing)
        return _report(delivery.name, batch)

    def _enter(
        self, enter: ledger.EnterBatch, batch: BatchRow, writing: Writing, staging: Staging, pairing: Pairing | None
    ) -> None:
        also: list[Entry] = [writing.changes.enter, dead_entry(batch.id, staging.dead.blocks())]
        if pairing:
            also.append(_waiting(pairing, batch.id))
        enter(self.engine, batch, (), also)
        writing.changes.remove_files()
        merge_runs(self.home, self.engine, ((run.operator, run.day) for run in writing.changes.runs))

    def _says_it_all(self, batch: BatchRow, delivery: Delivery) -> bool:
        """Reading the file again can bring nothing new.

        What lay in the future then may be past by now, what was damaged since may be restored, what was too old may be
        kept by now, what held no call in one format may hold some in another, and what another mapping has read since
        counts no more.
        """
        whole = batch.superseded_by is None and batch.status != REJECTED and "started_in_future" not in batch.reasons
        whole &= batch.format == delivery.format or batch.accepted + batch.duplicates > 0
        whole &= {*quarantine.losses(self.engine, self.operator.name)} <= {*(batch.read_after or ())}
        return whole and self._keeps_no_more(batch)

    def _keeps_no_more(self, batch: BatchRow) -> bool:
        """No call that was too old for the batch, or was dropped since, is kept by now."""
        now = self.admission.kept_from
        return batch.kept_from is None or (now is not None and now >= batch.kept_from)

    @contextmanager
    def _staging(self) -> Iterator[Staging]:
        folder = self.home.staging / uuid4().hex
        try:
            with Staging(folder) as staging:
                yield staging
        finally:
            shutil.rmtree(folder, ignore_errors=True)  # what cannot be removed now is swept by the next ingest

    @contextmanager
    def _pairing(self, folder: Path) -> Iterator[Pairing | None]:
        if self.operator.pairs is None:
            yield None
            return
        pairing = Pairing(self.operator, self.operator.pairs, self.engine, self.limits, self.admission, folder)
        try:
            yield pairing
        finally:
            pairing.close()

    def _remember(self, name: str, size: int, digest: str, refusal: RejectedError) -> None:
        row = BatchRow(
            id=self._id(digest),
            operator=self.operator.name,
            mapping=self.operator.digest,
            digest=digest,
            name=name,
            size=size,
            rows=0,
            accepted=0,
            dead_lettered=0,
            duplicates=0,
            reasons={},
            warnings={},
            status=REJECTED,
            message=str(refusal),
            taken_at=_now(),
        )
        ledger.enter_refusal(self.engine, row)

    def _id(self, digest: str) -> str:
        return hashlib.sha256(f"{self.operator.name} {self.operator.digest} {digest}".encode()).hexdigest()[:32]

    def _row(self, delivery: Delivery, found: Read, writing: Writing) -> BatchRow:
        found.warnings[LABEL_CONFLICTS] = writing.label_conflicts
        found.warnings.update(dead_warning(found.rows, found.reasons.total(), self.limits))
        return BatchRow(
            id=writing.batch,
            operator=self.operator.name,
            mapping=self.operator.digest,
            digest=found.digest,
            name=delivery.label,
            size=delivery.size,
            rows=found.rows,
            accepted=writing.accepted,
            dead_lettered=found.reasons.total(),
            duplicates=writing.duplicates,
            reasons=dict(sorted(found.reasons.items())),
            warnings=dict(sorted((+found.warnings).items())),
            status=WITH_REJECTS if found.reasons else COMPLETED,
            message=None,
            taken_at=_now(),
            format=delivery.format,
            header=list(found.names) or None,
            packed_digest=delivery.packed_digest,
            kept_from=self.admission.kept_from,
        )


def _waiting(pairing: Pairing, batch: str) -> Entry:
    def enter(connection: Connection) -> None:
        pairing.enter(connection, batch)

    return enter


def _refused(name: str, refusal: RejectedError) -> FileReport:
    return FileReport(name, REJECTED, reason=refusal.reason, message=str(refusal))


def _report(name: str, batch: BatchRow) -> FileReport:
    return FileReport(
        file=name,
        status=batch.status,
        rows=batch.rows,
        accepted=batch.accepted,
        dead_lettered=batch.dead_lettered,
        duplicates=batch.duplicates,
        reasons=batch.reasons,
        warnings=batch.warnings,
    )


def _repeated(name: str, batch: BatchRow) -> FileReport:
    """Of the same content again every call is a duplicate; its dead letters are in the ledger already."""
    return FileReport(
        file=name,
        status=batch.status,
        rows=batch.rows,
        dead_lettered=batch.dead_lettered,
        duplicates=batch.accepted + batch.duplicates,
        reasons=batch.reasons,
        warnings=batch.warnings,
        repeated=True,
    )


def _now() -> int:
    return time.time_ns() // 1000
