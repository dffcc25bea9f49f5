"""Learning without labels from one snapshot; equal snapshots, settings and libraries give an equal network on a CPU."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from configs import EncoderSettings
from gnn.checkpoint import Checkpoint, make
from gnn.device import choose_device, repeatable
from gnn.extra import GnnError
from gnn.learners import Batches, FullBatch, Pairs, learner
from gnn.tensors import adjacency, fit_scaling, matrix
from graph.snapshot import Snapshot
from ingest.progress import Progress

LEARNING_RATE = 0.01
CHECK_EVERY = 5  # epochs
LEAST_GAIN = 0.005  # of the best loss so far; less is no gain
PATIENCE = 3  # checks without a gain after which learning ends


class NothingToLearnError(GnnError):
    """The snapshot has no ties to learn from; the message says what to do."""


@dataclass(frozen=True)
class Learnt:
    """How learning went."""

    epochs: int
    stopped: str  # "no gain", or "epochs" where all that were allowed were used
    first_loss: float  # of the fixed draw by which learning is judged, before the first epoch
    best_loss: float


@dataclass(frozen=True)
class Trained:
    """A network, and what it cost; time is kept out of the checkpoint, whose bytes repeat."""

    checkpoint: Checkpoint
    learnt: Learnt
    seconds: float
    cpu_seconds: float

    def as_json(self) -> dict[str, Any]:
        """Give it as JSON values."""
        return {**asdict(self.learnt), "seconds": round(self.seconds, 2), "cpu_seconds": round(self.cpu_seconds, 2)}


def train(
    snapshot: Snapshot, settings: EncoderSettings, progress: Progress, device: torch.device | None = None
) -> Trained:
    """Learn from a snapshot; raises NothingToLearnError where nobody calls anybody.

    Learning ends after `settings.epochs`, or when PATIENCE checks in a row, one every CHECK_EVERY epochs, gain less
    than LEAST_GAIN; the best network at a check is kept.
    """
    if len(snapshot.edges) == 0:
        raise NothingToLearnError("nobody calls anybody in this window: there is nothing to learn from; take another")
    chosen, began, cpu = device or choose_device(), time.monotonic(), time.process_time()
    progress.stage("gnn: learning", settings.epochs, "epochs")
    scaling = fit_scaling(snapshot)
    with repeatable(settings.seed, chosen) as generator:
        mine = learner(matrix(snapshot, scaling), adjacency(snapshot), _pairs(snapshot), settings, chosen)
        learnt = _learn(mine, settings, generator, progress)
    tensors = {name: value.cpu().numpy() for name, value in mine.encoder.state_dict().items()}
    checkpoint = make(tensors, scaling, settings, snapshot, {**asdict(learnt), "device": chosen.type})
    return Trained(checkpoint, learnt, time.monotonic() - began, time.process_time() - cpu)


def _pairs(snapshot: Snapshot) -> Pairs:
    callers, callees = (torch.from_numpy(np.array(snapshot.edges[end].to_numpy())) for end in ("caller", "callee"))
    return Pairs(callers, callees, len(snapshot.numbers))


def _learn(
    mine: FullBatch | Batches, settings: EncoderSettings, generator: torch.Generator, progress: Progress
) -> Learnt:
    modules = nn.ModuleList([mine.encoder, mine.decoder])
    optimiser = torch.optim.Adam(modules.parameters(), lr=LEARNING_RATE)
    first = best = _judge(mine, settings.seed)
    kept, misses, epoch = _copied(modules.state_dict()), 0, 0
    while epoch < settings.epochs and misses < PATIENCE:
        epoch += 1
        _step(mine, optimiser, generator)
        progress.advance(1)
        if epoch % CHECK_EVERY == 0 or epoch == settings.epochs:
            loss = _judge(mine, settings.seed)
            gained = loss < best * (1 - LEAST_GAIN)
            misses = 0 if gained else misses + 1
            if loss < best:
                best, kept = loss, _copied(modules.state_dict())
    modules.load_state_dict(kept)
    return Learnt(epoch, "no gain" if misses == PATIENCE else "epochs", first, best)


def _step(mine: FullBatch | Batches, optimiser: torch.optim.Optimizer, generator: torch.Generator) -> None:
    for loss in mine.losses(generator):
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]  # torch has no types here
        optimiser.step()


def _judge(mine: FullBatch | Batches, seed: int) -> float:
    """Give the loss of a draw that is the same at every check: hidden numbers and chance pairs do not change."""
    with torch.no_grad():
        losses = list(mine.losses(torch.Generator().manual_seed(seed + 1)))
    return float(torch.stack(losses).mean())


def _copied(state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    return {name: value.clone() for name, value in state.items()}
