"""Sources of live rows: each gives pieces with positions that only grow, and can go on from any of them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from ingest.records.chunk import Chunk

Known = Callable[[str], Mapping[str, int]]  # beginning of names → position after the last row taken of each


@dataclass(frozen=True)
class Piece:
    """Rows that came, in the order in which they came: those between two positions of `source`."""

    source: str  # what the positions count in: with another name they begin anew
    start: int
    end: int
    names: tuple[str, ...]  # columns as found, () where there are none
    unknown: Collection[str]  # those that mean nothing to the mapping, all of them once the chunks are read
    chunks: Iterator[Chunk]  # rows counted from the piece's first one


class Source(Protocol):
    """Where live rows come from."""

    @property
    def name(self) -> str:
        """What people call it: `SCHEME:PLACE`."""

    @property
    def format(self) -> str:
        """How its rows are written, one of ingest.mapping.dialects.Format."""

    @property
    def position(self) -> int:
        """Position after the last piece that was given."""

    def read(self, ends: bool) -> Piece | None:
        """Give what came since the last piece, None when nothing did; `ends` says that no more will come.

        Raises RejectedError when what comes cannot be trusted as a whole, OSError.
        """

    def notes(self) -> list[str]:
        """Give what a person should know, each once."""

    def close(self) -> None:
        """Let go of it."""


class SourceError(ValueError):
    """There is no such source, or its rows cannot be followed; the message says what there is."""


def path_of(source: str) -> Path:
    """Give the file that `file:PATH` names; raises SourceError for anything else."""
    scheme, _, place = source.partition(":")
    if scheme != "file" or not place:
        raise SourceError(f"{source!r} is no source that can be streamed; give a file as file:PATH")
    return Path(place.removeprefix("//") if place.startswith("///") else place).absolute()
