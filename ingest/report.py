"""What became of the files: the counts that people and programs read."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from ingest.ledger.ledger import REJECTED


@dataclass(frozen=True)
class FileReport:
    """One file: accepted + dead_lettered + duplicates == rows."""

    file: str
    status: str  # COMPLETED, COMPLETED_WITH_REJECTS, REJECTED
    rows: int = 0
    accepted: int = 0
    dead_lettered: int = 0
    duplicates: int = 0
    reasons: dict[str, int] = field(default_factory=dict)
    warnings: dict[str, int] = field(default_factory=dict)
    reason: str | None = None  # of a rejected file: a code of docs/reason-codes.md
    message: str | None = None  # of a rejected file: why, and what to do
    repeated: bool = False  # the very same content was taken in before


@dataclass(frozen=True)
class IngestReport:
    """Every file in the order in which it was read, and what of the folders was passed over."""

    files: list[FileReport]
    passed_over: list[str] = field(default_factory=list)

    @property
    def accepted(self) -> int:
        """Calls that are new in the lake."""
        return sum(file.accepted for file in self.files)

    @property
    def dead_lettered(self) -> int:
        """Rows that were no calls."""
        return sum(file.dead_lettered for file in self.files)

    @property
    def duplicates(self) -> int:
        """Rows whose call the lake has already."""
        return sum(file.duplicates for file in self.files)

    @property
    def nothing_taken_in(self) -> bool:
        """Whether no file could be read as calls."""
        return all(file.status == REJECTED for file in self.files)

    def as_json(self) -> dict[str, Any]:
        """The shape other programs read (CONTRACT: ingest)."""
        totals = {"accepted": self.accepted, "dead_lettered": self.dead_lettered, "duplicates": self.duplicates}
        return {"files": [asdict(file) for file in self.files], **totals, "passed_over": self.passed_over}
