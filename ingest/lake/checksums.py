"""Whether a file still is what was written, by size and SHA-256; looked at once a process while it stays as it is."""

from __future__ import annotations

import hashlib
import time
from pathlib import Path

_RACY_NS = 100_000_000  # a file changed so shortly ago may change again without a newer time
_Stamp = tuple[int, int, int]  # size, modification time in ns, inode
_intact: dict[Path, tuple[_Stamp, str]] = {}


def checksum_of(path: Path) -> str:
    """Give the SHA-256 of a file as it lies there, as hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def fault_of(path: Path, size: int, checksum: str | None) -> str | None:
    """Say what is wrong with a file that was written with `size` bytes and `checksum`, or give None.

    Without a checksum (None: an earlier version wrote it) only its size is looked at.
    """
    fault = quick_fault_of(path, size)
    if fault or checksum is None:
        return fault
    stamp = _stamp(path)
    if _intact.get(path) == (stamp, checksum):
        return None
    if checksum_of(path) != checksum:
        return "its content is not what was written (checksum)"
    if time.time_ns() - stamp[1] > _RACY_NS:
        _intact[path] = (stamp, checksum)
    return None


def quick_fault_of(path: Path, size: int) -> str | None:
    """Say whether a file is missing or of another size than was written, without reading it."""
    if not path.is_file():
        return "it is missing"
    found = path.stat().st_size
    return None if found == size else f"it has {found} bytes instead of {size}"


def _stamp(path: Path) -> _Stamp:
    state = path.stat()
    return state.st_size, state.st_mtime_ns, state.st_ino
