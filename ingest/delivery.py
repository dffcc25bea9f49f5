"""Files as they come: found in folders, unpacked, and proven whole before anything of them is read as calls."""

from __future__ import annotations

import gzip
import hashlib
import io
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import IO

from configs import IngestSettings
from ingest.rejection import RejectedError

FORMATS = ("csv", "parquet")
_READ_BYTES = 1 << 20
_GZIP_MAGIC = b"\x1f\x8b"


@dataclass(frozen=True)
class Delivery:
    """One file that is whole."""

    path: Path
    format: str  # one of FORMATS
    packed: bool  # gzip
    digest: str  # SHA-256 of the unpacked content, hex
    size: int  # bytes on disk
    changed_at: int  # modification time, ns


def files_below(paths: Sequence[Path], left_out: Sequence[str]) -> tuple[list[Path], list[Path]]:
    """Give (files to take in, files passed over) of files and folders.

    A file that is named is always taken. Of a folder and those below it, files of a known suffix are taken in the
    order of their paths, but hidden ones and those whose name matches a pattern of `left_out`.
    """
    taken: list[Path] = []
    passed_over: list[Path] = []
    for path in paths:
        if not path.is_dir():
            taken.append(path)
            continue
        for file in sorted(p for p in path.rglob("*") if p.is_file()):
            (taken if _belongs(file, left_out) else passed_over).append(file)
    return taken, passed_over


def inspect(path: Path, limits: IngestSettings) -> Delivery:
    """Read a file to its end and prove it whole: known format, gzip intact, no bomb.

    Raises RejectedError.
    """
    kind, packed = _kind(path)
    try:
        with path.open("rb") as file:
            _check_magic(file, path, packed)
            state = path.stat()
            digest = hashlib.sha256()
            for block in _unpacked(file, packed, state.st_size * limits.max_ratio):
                digest.update(block)
    except OSError as error:
        if isinstance(error, gzip.BadGzipFile):
            raise _damaged() from None
        raise RejectedError(
            "file_unreadable", f"the file cannot be read ({error.strerror}); check path and rights"
        ) from None
    except (EOFError, zlib.error):
        raise _damaged() from None
    return Delivery(path, kind, packed, digest.hexdigest(), state.st_size, state.st_mtime_ns)


@contextmanager
def open_unpacked(delivery: Delivery) -> Iterator[IO[bytes]]:
    """Open a delivery's content, unpacked; raises RejectedError at the end when the file is another one by now."""
    try:
        with _open_gzip(delivery.path) if delivery.packed else delivery.path.open("rb") as stream:
            yield stream
        state = delivery.path.stat()
    except (FileNotFoundError, gzip.BadGzipFile, EOFError, zlib.error):
        raise _changed() from None
    if (state.st_size, state.st_mtime_ns) != (delivery.size, delivery.changed_at):
        raise _changed()


def file_digest(path: Path) -> str:
    """Give the SHA-256 of a file as it lies there, as hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _belongs(file: Path, left_out: Sequence[str]) -> bool:
    if file.name.startswith(".") or any(fnmatchcase(file.name, pattern) for pattern in left_out):
        return False
    suffixes = [suffix.lower() for suffix in file.suffixes]
    return _without_gz(suffixes)[-1:] in [[f".{known}"] for known in FORMATS]


def _kind(path: Path) -> tuple[str, bool]:
    suffixes = [suffix.lower() for suffix in path.suffixes]
    inner = _without_gz(suffixes)
    kind = inner[-1][1:] if inner else ""
    if kind not in FORMATS:
        known = ", ".join(f".{f}, .{f}.gz" for f in FORMATS)
        raise RejectedError("foreign_type", f"not a known type of file; name it by what it is: {known}")
    return kind, suffixes != inner


def _without_gz(suffixes: list[str]) -> list[str]:
    return suffixes[:-1] if suffixes[-1:] == [".gz"] else suffixes


def _check_magic(file: IO[bytes], path: Path, packed: bool) -> None:
    begins = file.read(2)
    file.seek(0)
    if not packed and begins == _GZIP_MAGIC:
        raise RejectedError("foreign_type", f"the file is packed with gzip; name it {path.name}.gz")
    if packed and begins != _GZIP_MAGIC:
        raise RejectedError("foreign_type", "the name ends in .gz but the file is not gzip; send it again or rename it")


def _unpacked(file: IO[bytes], packed: bool, most: int) -> Iterator[bytes]:
    source = gzip.GzipFile(fileobj=file) if packed else file
    unpacked = 0
    while block := source.read(_READ_BYTES):
        unpacked += len(block)
        if unpacked > most:
            raise RejectedError(
                "bomb_by_ratio",
                "the file unpacks to more than the allowed multiple of its size; "
                "send it unpacked, or raise ingest.max_ratio if it is genuine",
            )
        yield block


def _open_gzip(path: Path) -> IO[bytes]:
    return io.BufferedReader(gzip.GzipFile(path), _READ_BYTES)


def _changed() -> RejectedError:
    return RejectedError("file_changed", "the file changed while it was read; bring it again when it is complete")


def _damaged() -> RejectedError:
    return RejectedError("gzip_damaged", "the gzip file is cut off or damaged; fetch it again from its source")
