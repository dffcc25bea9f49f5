"""Learning repeats itself, gains something, ends by a rule, and embeds numbers that it never saw."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from configs import EncoderSettings
from gnn import checkpoint, embeddings, train
from gnn.device import repeatable
from gnn.embed import embed
from gnn.train import NothingToLearnError, Trained
from graph.snapshot import EDGES, Snapshot
from ingest.progress import Silent
from tests.gnn.small import SETTINGS, snapshot, written

MODES = pytest.mark.parametrize("mode", ["sage", "decoupled"])
CPU = torch.device("cpu")


def learn(made: Snapshot, mode: str = "sage", **changes: int) -> Trained:
    return train.train(made, settings(mode, **changes), Silent(), CPU)


def settings(mode: str, **changes: int) -> EncoderSettings:
    return SETTINGS.model_copy(update={"mode": mode, **changes})


def files(folder: Path, made: Snapshot, mode: str) -> dict[str, bytes]:
    """Give all bytes that learning and embedding leave."""
    learnt, vectors = folder / "model", folder / "vectors"
    learnt.mkdir(parents=True)
    vectors.mkdir()
    checkpoint.write(learnt, learn(made, mode).checkpoint)
    found, said = embed(made, checkpoint.read(learnt), CPU)
    embeddings.write(vectors, said, found)
    return left(folder)


def left(folder: Path) -> dict[str, bytes]:
    """Give the bytes of every file."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*.*"))}


def test_the_same_bytes_twice_and_in_another_process(tmp_path: Path) -> None:
    made = snapshot(tmp_path)
    first = {mode: files(tmp_path / "1" / mode, made, mode) for mode in ("sage", "decoupled")}
    assert [len(kept) for kept in first.values()] == [4, 4]
    torch.rand(5)  # what others draw does not count
    assert {mode: files(tmp_path / "2" / mode, made, mode) for mode in first} == first
    other = (
        "from pathlib import Path; from graph.snapshot import Snapshot; from tests.gnn.test_learning import files;"
        f"made = Snapshot(Path({str(made.folder)!r}));"
        f"[files(Path({str(tmp_path / '3')!r}) / mode, made, mode) for mode in ('sage', 'decoupled')]"
    )
    subprocess.run([sys.executable, "-W", "error", "-c", other], check=True, timeout=300)
    assert {mode: left(tmp_path / "3" / mode) for mode in first} == first


@MODES
def test_another_seed_is_another_model(tmp_path: Path, mode: str) -> None:
    made = snapshot(tmp_path)
    ids = {learn(made, mode, epochs=1, seed=seed).checkpoint.id for seed in (1, 2)}
    assert len(ids) == 2


@MODES
def test_numbers_that_were_not_there_are_embedded(tmp_path: Path, mode: str) -> None:
    early, late = snapshot(tmp_path), snapshot(tmp_path, count=90, ties=300, seed=2)
    learnt = learn(early, mode).checkpoint
    vectors, said = embed(late, learnt, CPU)
    assert vectors.shape == (90, SETTINGS.dims)
    assert vectors.dtype == np.float32
    assert np.isfinite(vectors).all()
    assert vectors.std(axis=0).min() > 0
    assert said["snapshot"] == late.id
    assert said["model"] == learnt.id
    assert said["device"] == "cpu"


@MODES
def test_embedding_does_not_depend_on_what_was_learnt_from_being_there(tmp_path: Path, mode: str) -> None:
    """The vectors of one window are the same, whichever other windows were embedded before."""
    early, late = snapshot(tmp_path), snapshot(tmp_path, seed=2)
    learnt = learn(early, mode).checkpoint
    alone, _ = embed(late, learnt, CPU)
    embed(early, learnt, CPU)
    np.testing.assert_array_equal(embed(late, learnt, CPU)[0], alone)


@MODES
def test_learning_gains(tmp_path: Path, mode: str) -> None:
    learnt = learn(snapshot(tmp_path), mode, epochs=40).learnt
    assert learnt.best_loss < 0.9 * learnt.first_loss


def test_calls_are_told_from_chance_pairs(tmp_path: Path) -> None:
    """Of two halves that call only among themselves, vectors fit calls within a half better than across."""
    rng = np.random.default_rng(3)
    made = snapshot(tmp_path, count=80, ties=600)
    vectors, _ = embed(made, learn(made, epochs=60).checkpoint, CPU)
    half = SETTINGS.dims // 2
    callers, callees = (made.edges[end].to_numpy() for end in ("caller", "callee"))
    fit = (vectors[callers, :half] * vectors[callees, half:]).sum(axis=1)
    chance = (vectors[callers, :half] * vectors[rng.integers(0, 80, len(callers)), half:]).sum(axis=1)
    assert fit.mean() > chance.mean() + 0.5


def test_learning_ends_when_it_gains_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(train, "LEAST_GAIN", 1.0)  # nothing is a gain
    learnt = learn(snapshot(tmp_path), epochs=100).learnt
    assert learnt.stopped == "no gain"
    assert learnt.epochs == train.CHECK_EVERY * train.PATIENCE


def test_all_epochs_are_used_and_told_otherwise(tmp_path: Path) -> None:
    trained = learn(snapshot(tmp_path), epochs=3)
    assert trained.learnt.stopped == "epochs"
    assert trained.as_json()["epochs"] == 3
    assert trained.seconds > 0


def test_nobody_calls_nobody_learns(tmp_path: Path) -> None:
    made = snapshot(tmp_path)
    columns = {name: made.features[name].combine_chunks() for name in made.features.column_names}
    with pytest.raises(NothingToLearnError, match="take another"):
        learn(written(tmp_path, "empty", 60, columns, EDGES.empty_table()))


def test_what_was_set_before_is_set_again() -> None:
    before = torch.get_num_threads(), torch.are_deterministic_algorithms_enabled(), torch.random.get_rng_state()
    with repeatable(1, CPU):
        assert torch.are_deterministic_algorithms_enabled()
        torch.rand(3)
    assert (torch.get_num_threads(), torch.are_deterministic_algorithms_enabled()) == before[:2]
    assert torch.equal(torch.random.get_rng_state(), before[2])
