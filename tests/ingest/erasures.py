"""Erasing in the tests of ingest, and looking for what is left."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq

from ingest.erased import tombstones
from ingest.erasing.erasing import Touched, erase_pending
from ingest.home import Home
from ingest.ledger.database import open_database, write_anew
from ingest.ledger.dead_letters import read_letters
from ingest.ledger.ledger import find_batches
from ingest.progress import Progress, Silent


def caller(place: int) -> str:
    """The number behind `call_line(…, place)`."""
    return f"+9198765{place:05d}"


def callee(i: int) -> str:
    """The number that `call_line(i)` calls."""
    return f"+9187654{i:05d}"


def erase(home: Home, *numbers: str, at: int | None = None, progress: Progress | None = None) -> Touched:
    """Erase numbers from lake and ledger, to the end."""
    engine = open_database(home, "ledger")
    with home.writing("test"):
        tombstones.enter(home, engine, numbers, at)
        touched = erase_pending(home, engine, progress or Silent())
        tombstones.forget_numbers(engine)
        assert write_anew(home)
        tombstones.finish(engine)
    return touched


def files_with(home: Home, number: str) -> list[Path]:
    """Give the files of a home that hold a number, packed ones unpacked."""
    digits = number.removeprefix("+")[-10:].encode()
    found = {path for path in home.root.rglob("*") if path.is_file() and any(digits in text for text in _texts(path))}
    engine = open_database(home, "ledger")
    letters = [letter for batch in find_batches(engine) for letter in read_letters(engine, batch.id)]
    if any(digits in letter.raw for letter in letters):
        found.add(home.databases / "ledger.sqlite")
    return sorted(found)


def _texts(path: Path) -> Iterator[bytes]:
    yield path.name.encode()
    yield path.read_bytes()
    if path.suffix == ".parquet":
        for column in pq.ParquetFile(path).read().columns:
            yield repr(column.unique().to_pylist()).encode()
