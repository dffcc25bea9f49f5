"""Which snapshots and results stay on disk: those of the newest runs, so that readers of the last one may finish."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from gnn.embeddings import snapshot_of
from ingest.home import Home
from ingest.ledger.ledger import RunRow

KEPT_RUNS = 3


def sweep(home: Home, committed: Sequence[RunRow]) -> None:
    """Remove snapshots, their embeddings and results that none of the newest committed runs shows.

    `committed` in order of commit, the run in front last; the caller holds the home's write lock. Folders of killed
    runs go here too.
    """
    kept = committed[-KEPT_RUNS:]
    _remove_others(home.results, {row.run_id for row in kept})
    snapshots = {row.snapshot_id for row in kept}
    _remove_others(home.snapshots, snapshots)
    _remove_embeddings(home, snapshots)


def _remove_embeddings(home: Home, snapshots: set[str]) -> None:
    """Remove embeddings whose snapshot is gone: their rows are its numbers."""
    for folder in home.embeddings.iterdir() if home.embeddings.is_dir() else ():
        if snapshot_of(folder.name) not in snapshots:
            shutil.rmtree(folder)


def _remove_others(folder: Path, kept: set[str]) -> None:
    for entry in folder.iterdir():
        if entry.name not in kept:
            shutil.rmtree(entry)
