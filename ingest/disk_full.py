"""A full disk stops ingest cleanly: what was taken in stays, what was under way leaves nothing, a sentence says so."""

from __future__ import annotations

import errno
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress

import duckdb
from sqlalchemy.exc import DBAPIError

from ingest.deliveries.finding import Source
from ingest.deliveries.kinds import Naming
from ingest.home import Home
from ingest.progress import Progress

DISK_ERRORS = (OSError, DBAPIError, duckdb.IOException)
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
# SQLite knows only ENOSPC as full; a quota and a limit of the file's size are failed writes to it.
_FULL_SQLITE = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_SHMSIZE)
_FULL_DUCKDB = ("No space left", "quota", "File too large")  # it passes on the system's words alone
_PLAIN, _PACKED = 3, 10  # bytes of disk that a byte of a file takes while it is taken in, as measured on CSV
_MIB = 1 << 20


class DiskFullError(RuntimeError):
    """The disk has no room for what ingest writes; the message says how much is needed and what to do."""


@contextmanager
def stopping_when_full(home: Home, needed: int, clean: Callable[[], None]) -> Iterator[None]:
    """Turn the errors of a full disk into DiskFullError, after `clean` has removed what was under way.

    `needed` are the bytes of disk that the work may need in all (`disk_needed`).
    """
    try:
        yield
    except DISK_ERRORS as error:
        if not is_full(error):
            raise
        with suppress(*DISK_ERRORS):  # what cannot be removed now is swept by the next ingest
            clean()
        raise DiskFullError(_message(home, needed)) from error


def is_full(error: BaseException) -> bool:
    """Whether an error of the system, of SQLite or of DuckDB means: no room, over quota, or a file too large."""
    if isinstance(error, OSError):
        return error.errno in _FULL
    if isinstance(error, DBAPIError):
        return getattr(error.orig, "sqlite_errorcode", None) in _FULL_SQLITE
    return isinstance(error, duckdb.IOException) and any(words in str(error) for words in _FULL_DUCKDB)


def disk_needed(sources: Sequence[Source], naming: Naming) -> int:
    """Estimate the bytes of disk that taking in some files needs at most, staging included."""
    return sum(source.size * _factor(source, naming) for source in sources)


def warn_of_little_room(home: Home, sources: Sequence[Source], progress: Progress) -> None:
    """Say beforehand where the disk has less room than the files themselves are large."""
    size, free = sum(source.size for source in sources), shutil.disk_usage(home.root).free
    if free < size:
        progress.note(
            f"the disk of {home.root} has {free // _MIB:,} MiB left for files of {size // _MIB:,} MiB; "
            "if it fills up, what was taken in by then stays"
        )


def _message(home: Home, needed: int) -> str:
    missing = max(needed - shutil.disk_usage(home.root).free, _MIB)
    return (
        f"the disk of {home.root} is full: about {missing // _MIB:,} MiB more are needed; what was taken in stays, "
        "make room and run the same command again"
    )


def _factor(source: Source, naming: Naming) -> int:
    kind = naming.kind(source.path.name)
    return _PLAIN if kind.packing is None and kind.format != "parquet" else _PACKED
