"""Checkpoints: plain bytes and JSON, refused where they are damaged or were learnt on other columns."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from gnn import checkpoint
from gnn.checkpoint import Checkpoint, CheckpointError
from gnn.tensors import fit_scaling
from graph.snapshot import Snapshot
from tests.gnn.small import NAMES, SETTINGS, snapshot

LEARNT = {"epochs": 1, "device": "cpu"}


def made_of(made: Snapshot, value: float = 1.0) -> Checkpoint:
    tensors = {"layer.weight": np.full((2, 3), value, np.float32), "layer.bias": np.zeros(2, np.float32)}
    return checkpoint.make(tensors, fit_scaling(made), SETTINGS, made, LEARNT)


def kept(folder: Path, one: Checkpoint) -> Path:
    place = folder / "models" / one.id
    place.mkdir(parents=True)
    checkpoint.write(place, one)
    return place


def rewritten(folder: Path, change: Callable[[dict[str, object]], None]) -> None:
    manifest = json.loads((folder / checkpoint.MANIFEST).read_text())
    change(manifest)
    (folder / checkpoint.MANIFEST).write_text(json.dumps(manifest))


def test_what_is_written_is_read(tmp_path: Path) -> None:
    one = made_of(snapshot(tmp_path))
    found = checkpoint.read(kept(tmp_path, one))
    assert found.manifest == one.manifest
    assert found.settings == SETTINGS
    np.testing.assert_array_equal(found.tensors["layer.weight"], one.tensors["layer.weight"])


def test_the_manifest_says_what_it_was_learnt_on(tmp_path: Path) -> None:
    manifest = made_of(snapshot(tmp_path)).manifest
    assert manifest["data"]["window"] == {"start": 0, "end": 1}
    assert manifest["data"]["snapshot"] == "s1"
    assert manifest["settings"]["seed"] == 20
    assert {"torch", "torch-geometric", "safetensors", "numpy"} <= manifest["libraries"].keys()
    assert set(NAMES) <= set(manifest["columns"]["names"])
    assert len(manifest["sha256"]) == 64


def test_ids_follow_the_content(tmp_path: Path) -> None:
    made = snapshot(tmp_path)
    assert made_of(made).id == made_of(made).id
    assert made_of(made).id != made_of(made, 2.0).id


def test_weights_that_were_changed_are_refused(tmp_path: Path) -> None:
    place = kept(tmp_path, made_of(snapshot(tmp_path)))
    held = bytearray((place / checkpoint.TENSORS).read_bytes())
    held[-1] ^= 1
    (place / checkpoint.TENSORS).write_bytes(held)
    with pytest.raises(CheckpointError, match="not what its manifest says"):
        checkpoint.read(place)


def test_weights_that_are_gone_are_refused(tmp_path: Path) -> None:
    place = kept(tmp_path, made_of(snapshot(tmp_path)))
    (place / checkpoint.TENSORS).unlink()
    with pytest.raises(CheckpointError, match="remove"):
        checkpoint.read(place)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": 0}'])
def test_another_format_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / checkpoint.MANIFEST).write_text(text)
    with pytest.raises(CheckpointError, match="embed --train"):
        checkpoint.read(tmp_path)


def test_a_snapshot_with_other_columns_is_refused_by_their_names(tmp_path: Path) -> None:
    manifest = made_of(snapshot(tmp_path)).manifest
    fewer = snapshot(tmp_path, seed=2, names=NAMES[:-1])
    more = snapshot(tmp_path, seed=3, names=(*NAMES, "fanout"))
    order = snapshot(tmp_path, seed=4, names=NAMES[::-1])
    for other, said in ((fewer, "needs ring_seconds"), (more, "does not know fanout"), (order, "another order")):
        with pytest.raises(CheckpointError, match=said):
            checkpoint.check_fits(manifest, other)


def test_columns_that_are_defined_otherwise_are_refused(tmp_path: Path) -> None:
    made, other = snapshot(tmp_path), snapshot(tmp_path, seed=2)
    other.manifest = {**other.manifest, "settings": {"features": {"callback_h": 1}}}
    with pytest.raises(CheckpointError, match="by other settings"):
        checkpoint.check_fits(made_of(made).manifest, other)


def test_the_newest_that_fits_is_chosen(tmp_path: Path) -> None:
    made = snapshot(tmp_path)
    assert checkpoint.newest_fitting(tmp_path / "models", made, SETTINGS) is None
    old, new, other = made_of(made), made_of(made, 2.0), made_of(made, 3.0)
    places = [kept(tmp_path, one) for one in (old, new, other)]
    rewritten(places[1], lambda manifest: manifest["data"].update(window={"start": 8, "end": 9}))  # type: ignore[attr-defined]  # what JSON gives is a dict here
    rewritten(places[2], lambda manifest: manifest["settings"].update(hops=3))  # type: ignore[attr-defined]  # what JSON gives is a dict here
    longer = kept(tmp_path, made_of(made, 4.0))
    rewritten(longer, lambda manifest: manifest["data"].update(window={"start": 0, "end": 99}))  # type: ignore[attr-defined]  # what JSON gives is a dict here
    (tmp_path / "models" / "stray").mkdir()
    chosen = checkpoint.newest_fitting(tmp_path / "models", made, SETTINGS)
    assert chosen is not None
    assert chosen.id == new.id
    foreign = snapshot(tmp_path, seed=5, names=NAMES[:2])
    assert checkpoint.newest_fitting(tmp_path / "models", foreign, SETTINGS) is None
