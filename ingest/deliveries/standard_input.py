"""Standard input becomes a file: CDR files are read from their end, twice, or after a look at their first bytes."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from ingest.deliveries.finding import STANDARD_INPUT, Source
from ingest.deliveries.packing import PIECE

_DEFAULT = "csv"


@contextmanager
def as_file(source: Source, folder: Path, format_: str | None, most: int) -> Iterator[Source]:
    """Give a source as it is, and standard input as a file in `folder` while the block runs.

    `format_` is what comes there (None: csv); how it is packed shows in its first bytes. Nothing, and more than `most`
    bytes, are a fault. Raises OSError for the disk.
    """
    if source.path != STANDARD_INPUT:
        yield source
        return
    path = folder / "standard_input"
    try:
        yield _spooled(path, format_ or _DEFAULT, most)
    finally:
        path.unlink(missing_ok=True)


def _spooled(path: Path, format_: str, most: int) -> Source:
    if sys.stdin is None or sys.stdin.isatty():
        return Source("-", path, fault="nothing comes on standard input; pipe a file in, or name it")
    if _copy(sys.stdin.buffer, path, most):
        return Source("-", path, format=format_)
    why = f"more than {most} bytes came on standard input; name a file, or raise ingest.max_stdin_bytes"
    return Source("-", path, fault=why)


def _copy(stream: IO[bytes], path: Path, most: int) -> bool:
    """Whether the whole stream is in the file."""
    with path.open("xb") as file:
        while piece := stream.read(PIECE):
            most -= len(piece)
            if most < 0:
                return False
            file.write(piece)
    return True
