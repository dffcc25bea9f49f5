"""The home folder: where everything that the product keeps lies, and who may write to it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout


class HomeBusyError(RuntimeError):
    """Another process writes to this home; the message says which."""


@dataclass(frozen=True)
class Home:
    """Paths under one home folder."""

    root: Path

    @property
    def lake(self) -> Path:
        """Calls as immutable Parquet segments, and pair_day."""
        return self.root / "lake"

    @property
    def databases(self) -> Path:
        """SQLite files, one a concern: ledger, work, events."""
        return self.root / "db"

    @property
    def snapshots(self) -> Path:
        """One folder a snapshot."""
        return self.root / "snapshots"

    @property
    def results(self) -> Path:
        """One folder a run."""
        return self.root / "results"

    @property
    def models(self) -> Path:
        """Learnt networks, one folder each."""
        return self.root / "models"

    @property
    def embeddings(self) -> Path:
        """One folder a snapshot and model."""
        return self.root / "embeddings"

    @property
    def operators(self) -> Path:
        """Mappings of the user's own, beside those that are shipped."""
        return self.root / "operators"

    @property
    def quarantine(self) -> Path:
        """Damaged segments, and the keys of the calls that are missing with them."""
        return self.root / "quarantine"

    @property
    def live(self) -> Path:
        """Rows of streams that are not in the lake yet, one folder an operator."""
        return self.root / "live"

    @property
    def erasures(self) -> Path:
        """Which numbers are erased, by a keyed hash, and the key; apart from what a restore replaces."""
        return self.root / "erasures"

    @property
    def staging(self) -> Path:
        """What is being written; swept by the next writer."""
        return self.root / "staging"

    def create(self) -> Home:
        """Make the folders, readable by their owner only."""
        for folder in (self.root, self.lake, self.databases, self.snapshots, self.results, self.staging):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return self

    @contextmanager
    def writing(self, what: str, wait_s: float = 0.0) -> Iterator[None]:
        """Hold the home's only write lock while `what` is done.

        The kernel drops the lock when the process dies, so a kill leaves nothing to clean. Raises HomeBusyError
        with the holder's process id and work after `wait_s` seconds.
        """
        self.create()
        with _holding(self.root, "writer", what, wait_s, f"{self.root} is being written"):
            yield

    @contextmanager
    def publishing(self, what: str, wait_s: float = 0.0) -> Iterator[None]:
        """Be the only one who publishes runs of this home; raises HomeBusyError with the holder after `wait_s`."""
        self.create()
        with _holding(self.root, "publisher", what, wait_s, f"a run of {self.root} is being published"):
            yield

    @contextmanager
    def streaming(self, operator: str, what: str) -> Iterator[None]:
        """Hold the live logs of one operator; raises HomeBusyError with the holder at once."""
        self.create()
        folder = self.live / operator
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with _holding(folder, "stream", what, 0.0, f"the live logs of {operator} in {self.root} are being written"):
            yield


@contextmanager
def _holding(folder: Path, name: str, what: str, wait_s: float, busy: str) -> Iterator[None]:
    holder = folder / f"{name}.json"
    lock = FileLock(folder / f"{name}.lock")
    try:
        lock.acquire(timeout=wait_s)
    except Timeout:
        raise HomeBusyError(f"{busy} by {_describe(holder)}; try again when it is done") from None
    try:
        with suppress(OSError):  # a full disk: the lock counts, not what is said of its holder
            holder.write_text(json.dumps({"pid": os.getpid(), "what": what}), encoding="utf-8")
        yield
    finally:
        holder.unlink(missing_ok=True)
        lock.release()


def _describe(holder: Path) -> str:
    try:
        held = json.loads(holder.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return "another process"
    return f"process {held.get('pid')} ({held.get('what')})"
