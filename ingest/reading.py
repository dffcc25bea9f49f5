"""One delivery becomes calls and dead letters in a staging folder: read once, mapped, validated on several cores."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from queue import SimpleQueue

from configs import IngestSettings
from ingest.admission import Admission
from ingest.canonical import only_calls, with_made
from ingest.deliveries.delivery import Delivery
from ingest.deliveries.opening import open_content
from ingest.formats import reader
from ingest.lake.staging import Staging
from ingest.mapping.operators import Operator
from ingest.pairing.pairing import Pairing
from ingest.parallel import WORKERS, in_order
from ingest.records.chunk import DEAD, Chunk, Content
from ingest.rejection import RejectedError
from ingest.validate import Validated, Validator

UNKNOWN_COLUMNS = "unknown_columns"
NOT_CALLS = "not_calls"  # rows that the mapping's filter says are none


@dataclass
class Read:
    """What a delivery held."""

    digest: str = ""  # SHA-256 of the unpacked content, hex
    names: tuple[str, ...] = ()  # the header as found
    rows: int = 0
    reasons: Counter[str] = field(default_factory=Counter)  # of the dead letters
    warnings: Counter[str] = field(default_factory=Counter)


class Readers:
    """Reads deliveries of one operator."""

    def __init__(self, operator: Operator, limits: IngestSettings, admission: Admission) -> None:
        self.operator, self.limits = operator, limits
        self._validators: SimpleQueue[Validator] = SimpleQueue()
        for _ in range(WORKERS):
            self._validators.put(Validator(operator, limits, admission))

    def read(
        self, delivery: Delivery, staging: Staging, pairing: Pairing | None, advance: Callable[[int], None]
    ) -> Read:
        """Put what a delivery holds into a staging folder; raises RejectedError where nothing of it may be taken."""
        with open_content(delivery, self.limits, staging.folder, advance) as content:
            found = self.take(reader(delivery.format)(content.stream, self.operator, self.limits), staging, pairing)
        found.digest = content.digest
        return found

    def take(self, opened: Content, staging: Staging, pairing: Pairing | None) -> Read:
        """Put the rows of an opened file into a staging folder; raises RejectedError as `read` does."""
        found = Read(names=opened.names)
        chunks = self._calls_of(opened, found)
        for validated in map(pairing.validate, chunks) if pairing else in_order(self._validate, chunks):
            self._add(validated, staging, found)
        if pairing:
            _add_pairs(pairing, staging, found)
        found.warnings[UNKNOWN_COLUMNS] = len(opened.unknown)
        return found

    def _calls_of(self, opened: Content, found: Read) -> Iterator[Chunk]:
        """Give the rows that are calls, whatever the file holds besides."""
        total = 0
        for given in opened.chunks:
            total += given.total
            self._check_rows(total)
            chunk, others = only_calls(with_made(given, self.operator), self.operator)
            found.warnings[NOT_CALLS] += others
            yield chunk

    def _validate(self, chunk: Chunk) -> Validated:
        validator = self._validators.get()
        try:
            return validator.validate(chunk)
        finally:
            self._validators.put(validator)

    def _add(self, validated: Validated, staging: Staging, found: Read) -> None:
        found.rows += len(validated.calls) + len(validated.dead)
        found.reasons.update(validated.reasons())
        found.warnings.update(validated.warnings)
        staging.add(validated.calls, validated.dead)
        if staging.day_count > self.limits.max_days:
            raise RejectedError(
                "bomb_by_days",
                f"calls of more than {self.limits.max_days} days; split the file by year or raise ingest.max_days",
            )

    def _check_rows(self, rows: int) -> None:
        if rows > self.limits.max_rows:
            raise RejectedError(
                "bomb_by_rows", f"more than {self.limits.max_rows} rows; split the file or raise ingest.max_rows"
            )


def _add_pairs(pairing: Pairing, staging: Staging, found: Read) -> None:
    for calls in pairing.calls():
        found.rows += len(calls)
        staging.add(calls, DEAD.empty_table())
    found.warnings.update(pairing.warnings)
