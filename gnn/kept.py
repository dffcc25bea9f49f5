"""Checkpoints and embeddings in a home: HOME/models/<model>, HOME/embeddings/<snapshot>-<model>."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path

from gnn import checkpoint, embeddings
from gnn.checkpoint import Checkpoint, CheckpointError
from gnn.embed import embed
from gnn.embeddings import Embeddings
from graph.snapshot import Snapshot
from ingest.files import fsync, make_folder
from ingest.home import Home


def keep(home: Home, learnt: Checkpoint) -> Path:
    """Keep a checkpoint whole, or not at all; the caller holds the home's write lock."""
    return _published(home, home.models / learnt.id, partial(checkpoint.write, checkpoint=learnt))


def find(home: Home, model: str) -> Checkpoint:
    """Give a checkpoint by its id; raises CheckpointError where there is none, or it is damaged."""
    known = sorted(folder.name for folder in home.models.iterdir()) if home.models.is_dir() else []
    if model not in known:
        there = f"there are: {', '.join(known)}" if known else "there are none yet"
        raise CheckpointError(f"there is no model {model}; {there}. `ringfence embed --train` learns one")
    return checkpoint.read(home.models / model)


def embedded(home: Home, snapshot: Snapshot, model: Checkpoint) -> Embeddings:
    """Give the embeddings of a snapshot, made where they are not there yet; the caller holds the home's write lock.

    Raises CheckpointError where the columns do not match.
    """
    folder = home.embeddings / embeddings.folder_name(snapshot.id, model.id)

    def write(staged: Path) -> None:
        vectors, said = embed(snapshot, model)
        embeddings.write(staged, said, vectors)

    return Embeddings(_published(home, folder, write))


def _published(home: Home, folder: Path, write: Callable[[Path], None]) -> Path:
    """Write aside, make durable, then give the folder its name; one that stands is used again."""
    if (folder / "manifest.json").is_file():
        return folder
    staged = home.staging / f"{folder.parent.name}-{folder.name}"
    for remains in (staged, folder):
        shutil.rmtree(remains, ignore_errors=True)
    staged.mkdir(mode=0o700)
    write(staged)
    for path in (*sorted(staged.iterdir()), staged):
        fsync(path)
    make_folder(folder.parent)
    staged.rename(folder)
    fsync(folder.parent)
    return folder
