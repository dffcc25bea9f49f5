"""What a command line names: files, folders, patterns and standard input become files, each of them once."""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from glob import has_magic
from pathlib import Path

from ingest.deliveries.kinds import Naming
from ingest.files import spelt

STANDARD_INPUT = Path("-")
_NOT_FILES = {
    stat.S_IFIFO: "a pipe; give what it holds on standard input, as `-`",
    stat.S_IFCHR: "a device; name a file",
    stat.S_IFBLK: "a device; name a file",
    stat.S_IFSOCK: "a socket; name a file",
}


@dataclass(frozen=True)
class Source:
    """One file that was named or found, whatever it is."""

    name: str  # as reports show it
    path: Path
    format: str | None = None  # given with what has no name of its own: standard input
    fault: str | None = None  # why there is nothing to read, and what to do

    @property
    def size(self) -> int:
        """Bytes as it lies there; 0 of what cannot be looked at."""
        with suppress(OSError):
            return self.path.stat().st_size
        return 0


@dataclass
class Found:
    """What there is to take in, in order, and the files of folders that were passed over."""

    sources: list[Source] = field(default_factory=list)
    passed_over: list[str] = field(default_factory=list)
    _seen: set[str] = field(default_factory=set)

    def add(self, source: Source) -> None:
        """Put in a file that was not reached before, on whatever way."""
        real = os.path.realpath(source.path)
        if real not in self._seen:
            self._seen.add(real)
            self.sources.append(source)


def find(paths: Sequence[Path], naming: Naming) -> Found:
    """Find the files of a command line: files, folders, patterns where no such file is there, `-`.

    A file that is named or matches a named pattern is always taken; of a folder and those below it those whose name
    says that they belong, in the order of their paths. Links are followed, and what is reached twice is taken once.
    A path that leads to no file is a source with a fault.
    """
    found = Found()
    for path in paths:
        matches = [path] if path == STANDARD_INPUT or os.path.lexists(path) else _matches(path)
        if not matches:
            fault = "nothing matches this pattern" if has_magic(str(path)) else "there is no such file"
            found.add(Source(spelt(path), path, fault=f"{fault}, or its folder may not be read; check the path"))
        for match in matches:
            _find_below(match, naming, found)
    return found


def why_no_file(path: Path) -> str | None:
    """Say why what lies at `path` is no file, None where it is one; raises OSError."""
    kind = stat.S_IFMT(path.stat().st_mode)
    return None if kind == stat.S_IFREG else f"this is {_NOT_FILES.get(kind, 'a folder; name it as one')}"


def _matches(pattern: Path) -> list[Path]:
    """Give what matches a pattern as a shell would, hidden files only where they are named, sorted."""
    if not has_magic(str(pattern)):
        return []
    try:
        matches = sorted(Path(pattern.anchor).glob(str(pattern.relative_to(pattern.anchor))))
    except (ValueError, OSError):  # `**` beside other characters; a part too long for a name
        return []
    return [match for match in matches if not any(_is_hidden(part, pattern) for part in match.parts)]


def _is_hidden(part: str, pattern: Path) -> bool:
    return part.startswith(".") and not any(given.startswith(".") for given in pattern.parts)


def _find_below(path: Path, naming: Naming, found: Found) -> None:
    if not os.path.isdir(path):  # `Path.is_dir` raises where a folder above may not be read
        found.add(Source(spelt(path), path))
        return
    files, unreadable = _files_below(path)
    taken = [file for file in files if naming.belongs(file.name)]
    for file in taken:
        found.add(Source(spelt(file), file))
    found.passed_over += [spelt(file) for file in files if not naming.belongs(file.name)]
    for folder in unreadable:
        found.add(Source(spelt(folder), folder, fault="the folder cannot be read; check its rights"))
    if not taken and not unreadable:
        found.add(Source(spelt(path), path, fault="the folder holds no CDR files; check the path and --operator"))


def _files_below(folder: Path) -> tuple[list[Path], list[Path]]:
    """Give (files in the order of their paths, folders that cannot be read); a circle of links is walked once."""
    files: list[Path] = []
    unreadable: list[Path] = []
    visited: set[tuple[int, int]] = set()
    pending = [folder]
    while pending:
        current = pending.pop()
        try:
            state = current.stat()
            entries = [] if (state.st_dev, state.st_ino) in visited else sorted(current.iterdir(), reverse=True)
        except OSError:
            unreadable.append(current)
            continue
        visited.add((state.st_dev, state.st_ino))
        for entry in entries:
            (pending if os.path.isdir(entry) else files).append(entry)
    return sorted(files), unreadable
