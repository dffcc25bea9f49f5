"""A learnt network as files: safetensors and a JSON manifest. No pickle: nothing in them can run.

The id is made from what went in and what came out, so learning the same again gives the same folder.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import safetensors.numpy
from safetensors import SafetensorError

from configs import EncoderSettings
from gnn.columns import column_names
from gnn.extra import GnnError
from gnn.tensors import Scaling
from graph.snapshot import Snapshot

FORMAT = 1  # raise it when the same file would be read as another network
TENSORS, MANIFEST = "model.safetensors", "manifest.json"
ANEW = "learn anew: `ringfence embed --train`"
Tensors = Mapping[str, npt.NDArray[np.float32]]


class CheckpointError(GnnError):
    """A checkpoint is damaged, or was learnt on other columns; the message says what to do."""


@dataclass(frozen=True)
class Checkpoint:
    """A learnt encoder."""

    manifest: Mapping[str, Any]
    tensors: Tensors

    @property
    def id(self) -> str:
        """Content-addressed id."""
        return str(self.manifest["id"])

    @property
    def scaling(self) -> Scaling:
        """How its columns are scaled."""
        return Scaling.from_json(self.manifest["columns"])

    @property
    def settings(self) -> EncoderSettings:
        """How it was learnt."""
        return EncoderSettings.model_validate(self.manifest["settings"])


def make(
    tensors: Tensors, scaling: Scaling, settings: EncoderSettings, snapshot: Snapshot, learnt: Mapping[str, Any]
) -> Checkpoint:
    """Give a checkpoint with its manifest: columns, settings, the data it was learnt on, libraries, SHA-256."""
    said = {
        "format": FORMAT,
        "sha256": hashlib.sha256(safetensors.numpy.save(dict(tensors))).hexdigest(),
        "columns": scaling.as_json(),
        "settings": _dumped(settings),
        "learnt": dict(learnt),
        "data": {
            "snapshot": snapshot.id,
            "definitions": definitions(snapshot),
            **{name: snapshot.manifest.get(name) for name in ("window", "operators", "data_digest", "counts")},
        },
        "libraries": libraries(),
    }
    # through JSON once, so that what was just made equals what is read back
    manifest = json.loads(json.dumps({**said, "id": _id(said)}))
    return Checkpoint(manifest, tensors)


def write(folder: Path, checkpoint: Checkpoint) -> None:
    """Write into an existing, empty folder; the manifest comes last, so a folder with one is whole."""
    (folder / TENSORS).write_bytes(safetensors.numpy.save(dict(checkpoint.tensors)))
    text = json.dumps(checkpoint.manifest, indent=1, sort_keys=True)
    (folder / MANIFEST).write_text(text, encoding="utf-8")


def read(folder: Path) -> Checkpoint:
    """Give what `write` kept; raises CheckpointError where it is not whole."""
    manifest = read_manifest(folder)
    try:
        held = (folder / TENSORS).read_bytes()
        whole = hashlib.sha256(held).hexdigest() == manifest["sha256"]
        tensors = safetensors.numpy.load(held) if whole else None
    except (OSError, SafetensorError):
        tensors = None
    if tensors is None:
        raise CheckpointError(f"{folder / TENSORS} is not what its manifest says; remove {folder} and {ANEW}")
    return Checkpoint(manifest, tensors)


def read_manifest(folder: Path) -> Mapping[str, Any]:
    """Give the manifest of a checkpoint; raises CheckpointError where it is none of this format."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        known = manifest["format"] == FORMAT
    except (OSError, ValueError, TypeError, KeyError):
        known = False
    if not known:
        raise CheckpointError(f"{folder} holds no checkpoint of this version; {ANEW}")
    return dict(manifest)


def check_fits(manifest: Mapping[str, Any], snapshot: Snapshot) -> None:
    """Raise CheckpointError where a snapshot does not have the columns that a checkpoint was learnt on, and only those.

    Columns of the same names count as others where the features are defined by another version or other settings.
    """
    learnt, there = manifest["columns"]["names"], list(column_names(snapshot))
    if learnt != there:
        raise CheckpointError(f"checkpoint {manifest['id']} {_difference(learnt, there)}; {ANEW}")
    if manifest["data"]["definitions"] != definitions(snapshot):
        raise CheckpointError(
            f"checkpoint {manifest['id']} was learnt on features of another version or by other settings; {ANEW}"
        )


def newest_fitting(models: Path, snapshot: Snapshot, settings: EncoderSettings) -> Checkpoint | None:
    """Give the checkpoint of these settings that fits a snapshot, the one with the latest data; None without any.

    It was learnt on a window as long as the snapshot's: counts of calls grow with a window. The id decides between
    equally late ones. Raises CheckpointError where that one is damaged.
    """
    wanted = _dumped(settings)
    folders = sorted(models.iterdir()) if models.is_dir() else []
    found = [one for folder in folders if (one := _fitting(folder, snapshot)) and one["settings"] == wanted]
    if not found:
        return None
    return read(models / max(found, key=lambda one: (one["data"]["window"]["end"], one["id"]))["id"])


def libraries() -> dict[str, str]:
    """Give the versions on which the bytes depend."""
    return {name: version(name) for name in ("torch", "torch-geometric", "safetensors", "numpy")}


def definitions(snapshot: Snapshot) -> dict[str, Any]:
    """Give what says how the snapshot's features are defined: the version of the stage, its settings, the plans."""
    return {
        "version": snapshot.manifest.get("version"),
        "features": snapshot.manifest.get("settings", {}).get("features"),
        "plans": snapshot.manifest.get("plans"),
    }


def _fitting(folder: Path, snapshot: Snapshot) -> Mapping[str, Any] | None:
    """Give the manifest of a checkpoint that fits, else None: others are of other versions, settings or columns."""
    try:
        manifest = read_manifest(folder)
        check_fits(manifest, snapshot)
    except CheckpointError:
        return None
    return manifest if _length(manifest["data"]) == _length(snapshot.manifest) else None


def _length(said: Mapping[str, Any]) -> int:
    return int(said["window"]["end"]) - int(said["window"]["start"])


def _difference(learnt: list[str], there: list[str]) -> str:
    lacking, new = sorted(set(learnt) - set(there)), sorted(set(there) - set(learnt))
    parts = [
        f"needs {', '.join(lacking)}, which the snapshot lacks" if lacking else "",
        f"does not know {', '.join(new)} of the snapshot" if new else "",
    ]
    return " and ".join(filter(None, parts)) or "has the columns of the snapshot in another order"


def _dumped(settings: EncoderSettings) -> dict[str, Any]:
    return settings.model_dump(mode="json", include=set(EncoderSettings.model_fields))


def _id(said: Mapping[str, Any]) -> str:
    text = json.dumps(said, sort_keys=True, separators=(",", ":"))
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()
