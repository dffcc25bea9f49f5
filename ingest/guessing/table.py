"""A sample as a table of texts: what every format comes down to before columns are told apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ingest.guessing.guess import Guess

MOST_ROWS = 20_000


@dataclass(frozen=True)
class SampleTable:
    """Rows of a sample by source name, and how they are written."""

    format: str  # as a mapping names it
    section: Mapping[str, object]  # of the mapping, under the format's name
    columns: Mapping[str, Sequence[str]]  # by folded source name, in the order of the file
    content: bytes  # whole records of the sample, in its own format
    whole: bool  # nothing of the file is left out of `content`
    named: bool  # whether the names are the file's own
    guesses: tuple[Guess, ...] = ()

    @property
    def rows(self) -> int:
        """Rows that were looked at."""
        return len(next(iter(self.columns.values()), ()))


def filled(texts: Sequence[str]) -> list[str]:
    """Give the texts that are not empty, trimmed."""
    return [text for text in (text.strip(" ") for text in texts) if text]


def share(held: int, count: int) -> float:
    """Give a part of a whole, 0 of nothing."""
    return held / count if count else 0.0


def of_records(records: Sequence[Mapping[str, str]]) -> dict[str, list[str]]:
    """Give records by name as columns, in the order in which the names turn up."""
    names = dict.fromkeys(name for record in records for name in record)
    return {name: [record.get(name, "") for record in records] for name in names}
