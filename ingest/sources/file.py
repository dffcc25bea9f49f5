"""A file that grows, followed by its name as `tail -F` does: when it is rotated, the rest of the old one comes first.

A position is a byte offset, so it needs a name of what it counts in: `OPERATOR file:PATH@INODE-LENGTH-HASH.GENERATION`,
made of the file's inode and the hash of its first bytes, since inodes are used again. A file that became shorter than
what was read of it begins a new generation: it is read anew, and what is in the lake already is told by its keys.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from configs import IngestSettings
from ingest.deliveries.kinds import naming
from ingest.files import spelt
from ingest.mapping.operators import Operator
from ingest.sources import Known, Piece, SourceError
from ingest.sources.tail import BEGINS, Cut, Tail

FORMATS = ("csv", "tsv", "json")
_IDENTITY = re.compile(r"(\d+)-(\d+)-([0-9a-f]{16})\.(\d+)")


class _Identity(NamedTuple):
    """By what a file is known again."""

    inode: int
    length: int
    hash: str
    generation: int

    def __str__(self) -> str:
        return f"{self.inode}-{self.length}-{self.hash}.{self.generation}"

    def begins(self, tail: Tail) -> bool:
        """Whether a file begins as this one did."""
        return _hash(tail.beginning(self.length)) == self.hash


class FileSource:
    """Follows one path; `known` tells how far its files have been read."""

    def __init__(self, path: Path, operator: Operator, limits: IngestSettings, known: Known) -> None:
        self.name, self.format = f"file:{spelt(path)}", _format_of(path, operator)
        self._prefix = f"{operator.name} {self.name}@"
        self._path, self._operator, self._limits, self._known = path, operator, limits, known
        self._tails: list[Tail] = []  # the first is read; those behind it took its place
        self._identities: dict[Tail, _Identity] = {}
        self._position = 0
        self._notes: list[str] = []
        self._waits = False

    @property
    def position(self) -> int:
        """Place in the file that is followed after the last row that was given."""
        return self._position

    def read(self, ends: bool) -> Piece | None:
        """Give rows that came since; raises RejectedError, and OSError where the file is not there and `ends`."""
        while True:
            self._look(ends)
            if not self._tails:
                return None
            tail, is_over = self._tails[0], len(self._tails) > 1
            cut = tail.read(ends or is_over)
            self._position = tail.position
            if cut:
                return self._piece(tail, cut)
            if not is_over:
                return None
            self._drop(tail)

    def notes(self) -> list[str]:
        """Give what a person should know, each once."""
        notes, self._notes = self._notes, []
        return notes

    def close(self) -> None:
        """Let go of the files."""
        while self._tails:
            self._drop(self._tails[0])

    def _look(self, must_be: bool) -> None:
        """Open what stands under the path when it is not what is followed already."""
        newest = self._tails[-1] if self._tails else None
        try:
            state = self._path.stat()
        except FileNotFoundError:
            if newest is None and must_be:
                raise
            self._say_waits(newest is None)
            return
        if newest is None:
            if state.st_size or must_be:
                self._tails = [*self._rests(None), self._open(self._path)]
        elif state.st_size and (state.st_ino != newest.inode or not newest.is_same):
            self._go_over(newest)

    def _go_over(self, old: Tail) -> None:
        if not old.is_same:
            rests = list(self._rests(old))
            self._drop(old)
            self._tails += rests
            if not rests:
                self._notes.append(f"{self._path} became another file and no copy lies beside it; it is read anew")
        self._tails.append(self._open(self._path))

    def _say_waits(self, waits: bool) -> None:
        if waits and not self._waits:
            self._notes.append(f"{self._path} is not there yet; waiting for it")
        self._waits = waits

    def _open(self, path: Path) -> Tail:
        tail = Tail(path, self.format, self._operator, self._limits)
        fitting = [known for known in self._identified() if known[0].inode == tail.inode and known[0].begins(tail)]
        if fitting:
            identity, position = max(fitting, key=lambda known: known[0].generation)
            if position <= tail.size:
                self._resume(tail, identity, position)
            else:
                self._identities[tail] = identity._replace(generation=identity.generation + 1)
        return tail

    def _resume(self, tail: Tail, identity: _Identity, position: int) -> None:
        tail.resume(position)
        self._identities[tail] = identity

    def _rests(self, gone: Tail | None) -> Iterator[Tail]:
        """Give files beside the path of which something was read and something is left, the oldest first.

        `gone`: only what is a copy of this one, which is no more what it was.
        """
        wanted = self._identities.get(gone) if gone else None
        known = [entry for entry in self._identified() if gone is None or entry[0] == wanted]
        if not known:
            return
        beside = [path for path in self._path.parent.iterdir() if path.is_file() and path != self._path]
        for path in sorted(beside, key=lambda path: (path.stat().st_mtime_ns, path.name)):
            rest = self._rest(path, known)
            if rest:
                yield rest

    def _rest(self, path: Path, known: list[tuple[_Identity, int]]) -> Tail | None:
        inode, is_named_after = path.stat().st_ino, path.name.startswith(self._path.name)
        likely = [entry for entry in known if entry[0].inode == inode or is_named_after]
        if not likely:
            return None
        tail = Tail(path, self.format, self._operator, self._limits)
        for identity, position in likely:
            if identity.begins(tail) and tail.size > position:
                self._resume(tail, identity, position)
                return tail
        tail.close()
        return None

    def _identified(self) -> list[tuple[_Identity, int]]:
        found = ((_IDENTITY.fullmatch(n.removeprefix(self._prefix)), at) for n, at in self._known(self._prefix).items())
        return [(_Identity(int(m[1]), int(m[2]), m[3], int(m[4])), at) for m, at in found if m]

    def _piece(self, tail: Tail, cut: Cut) -> Piece:
        if tail not in self._identities:
            length = min(cut.end, BEGINS)
            self._identities[tail] = _Identity(tail.inode, length, _hash(tail.beginning(length)), 0)
        source, content = f"{self._prefix}{self._identities[tail]}", cut.content
        return Piece(source, cut.start, cut.end, content.names, content.unknown, content.chunks)

    def _drop(self, tail: Tail) -> None:
        self._tails.remove(tail)
        self._identities.pop(tail, None)
        tail.close()


def _format_of(path: Path, operator: Operator) -> str:
    kind = naming(operator).kind(path.name)
    format_ = kind.format or operator.format
    one_object_a_line = format_ != "json" or (path.suffix != ".json" and operator.json_.records is None)
    if kind.packing or format_ not in FORMATS or not one_object_a_line:
        raise SourceError(f"{path} cannot be followed: files that grow are csv, tsv or jsonl, not packed")
    return format_


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]
