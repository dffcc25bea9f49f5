"""Embeddings of a snapshot as columns of it: memory-mapped, read without torch."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

TABLE, MANIFEST = "embeddings.arrow", "manifest.json"


class Embeddings:
    """One opened folder of embeddings."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.manifest: Mapping[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))

    @cached_property
    def table(self) -> pa.Table:
        """One float32 column a dimension, emb_00 …, row = node of the snapshot; memory-mapped."""
        with pa.memory_map(str(self.folder / TABLE)) as source:
            return pa.ipc.open_file(source).read_all()


def column_name(at: int) -> str:
    """Give the name of a dimension, from 0."""
    return f"emb_{at:02d}"


def write(folder: Path, manifest: Mapping[str, Any], vectors: npt.NDArray[np.float32]) -> None:
    """Write [n, dims] vectors into an existing, empty folder, the manifest last: a folder with one is whole."""
    table = pa.table({column_name(at): np.ascontiguousarray(vectors[:, at]) for at in range(vectors.shape[1])})
    with pa.OSFile(str(folder / TABLE), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)
    text = json.dumps({**manifest, "numbers": len(table), "dims": table.num_columns}, indent=1, sort_keys=True)
    (folder / MANIFEST).write_text(text, encoding="utf-8")


def folder_name(snapshot_id: str, model_id: str) -> str:
    """Give the name of the folder of a snapshot's embeddings by a model."""
    return f"{snapshot_id}-{model_id}"


def snapshot_of(name: str) -> str:
    """Give the snapshot's id of a folder's name."""
    return name.rpartition("-")[0]
