"""Writing files so that a kill or a power cut leaves either nothing or the whole file under its name."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from ingest.faults import point


def durable_write(path: Path, writer: Callable[[Path], None], staging: Path, prefix: str) -> None:
    """Let `writer` fill a file in `staging`, then move it to `path` durably.

    `staging` is on the file system of `path`; `prefix` names the fault points (`ingest.faults.steps`). A file that
    stands at `path` is replaced.
    """
    staged = staging / f"{path.name}.part"
    writer(staged)
    point(f"{prefix}:written")
    fsync(staged)
    point(f"{prefix}:fsynced")
    make_folder(path.parent)
    staged.rename(path)
    point(f"{prefix}:renamed")
    fsync(path.parent)
    point(f"{prefix}:settled")


def make_folder(folder: Path) -> None:
    """Make `folder` and its parents, each entered durably in the folder above it."""
    missing = [p for p in (folder, *folder.parents) if not p.exists()]
    for path in reversed(missing):
        path.mkdir(mode=0o700, exist_ok=True)
        fsync(path.parent)


def spelt(name: str | Path) -> str:
    r"""Give a name as text that every file, database and terminal takes; a byte that is no UTF-8 becomes `\xff`."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def fsync(path: Path) -> None:
    """Force a file's or a folder's content to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def empty_folder(folder: Path) -> None:
    """Remove whatever lies in `folder`."""
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
