"""A checkpoint and a snapshot become embeddings, also of numbers that nobody had seen when it was learnt."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from gnn.checkpoint import Checkpoint, check_fits, libraries
from gnn.device import THREADS, choose_device, repeatable
from gnn.encoder import CallGraph, Decoupled, GraphSage
from gnn.propagate import propagated
from gnn.tensors import Adjacency, Matrix, adjacency, matrix
from graph.snapshot import Snapshot

ROWS = 65_536  # that the decoupled network embeds at a time (bounds memory)
Vectors = npt.NDArray[np.float32]


def embed(
    snapshot: Snapshot, checkpoint: Checkpoint, device: torch.device | None = None
) -> tuple[Vectors, dict[str, Any]]:
    """Give [n, dims] vectors, row = node, and a manifest; raises CheckpointError where the columns do not match.

    The same bytes each time on a CPU; another device rounds otherwise.
    """
    check_fits(checkpoint.manifest, snapshot)
    chosen = device or choose_device()
    encode = _whole if checkpoint.settings.mode == "sage" else _in_blocks
    with repeatable(checkpoint.settings.seed, chosen), torch.no_grad():
        vectors = encode(matrix(snapshot, checkpoint.scaling), adjacency(snapshot), checkpoint, chosen)
    said = {"snapshot": snapshot.id, "model": checkpoint.id, "device": chosen.type, "threads": THREADS}
    return vectors, {**said, "libraries": libraries()}


def _whole(values: Matrix, ties: Adjacency, checkpoint: Checkpoint, device: torch.device) -> Vectors:
    settings = checkpoint.settings
    encoder = GraphSage(values.shape[1], settings.dims, settings.hops)
    encoder.load_state_dict(_tensors(checkpoint))
    found = encoder.to(device)(torch.from_numpy(values).to(device), CallGraph(ties, device))
    return _numpy(found)


def _in_blocks(values: Matrix, ties: Adjacency, checkpoint: Checkpoint, device: torch.device) -> Vectors:
    spread = torch.from_numpy(propagated(values, ties, checkpoint.settings.hops))
    encoder = Decoupled(spread.shape[1], checkpoint.settings.dims)
    encoder.load_state_dict(_tensors(checkpoint))
    encoder.to(device)
    blocks = (spread[at : at + ROWS].to(device) for at in range(0, len(spread), ROWS))
    return np.concatenate([_numpy(encoder(rows)) for rows in blocks])


def _tensors(checkpoint: Checkpoint) -> dict[str, Tensor]:
    return {name: torch.from_numpy(np.array(values)) for name, values in checkpoint.tensors.items()}


def _numpy(found: Tensor) -> Vectors:
    return np.asarray(found.cpu().numpy(), dtype=np.float32)
