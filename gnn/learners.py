"""One step of learning in either mode: the loss of the whole graph at once, or of batches of propagated rows."""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Tensor, nn

from configs import EncoderSettings
from gnn.encoder import CallGraph, Decoupled, GraphSage
from gnn.objectives import hidden_rows, link_contrast, reconstruction, without
from gnn.propagate import propagated
from gnn.tensors import Adjacency, Matrix

LINKS = 65_536  # calls that are told from chance pairs in an epoch of the full batch
BATCH = 8_192  # calls in a batch of the decoupled mode; each brings its two numbers and one drawn by chance


class Pairs:
    """The calls of a snapshot as pairs of nodes, to draw from."""

    def __init__(self, callers: Tensor, callees: Tensor, count: int) -> None:
        self._callers, self._callees, self._count = callers, callees, count

    def __len__(self) -> int:
        return len(self._callers)

    def draw(self, wanted: int, generator: torch.Generator) -> tuple[Tensor, Tensor, Tensor]:
        """Give callers and callees of calls drawn by chance, and one other number for each, all int64 on the CPU."""
        drawn = torch.randint(len(self._callers), (wanted,), generator=generator)
        others = torch.randint(self._count, (wanted,), generator=generator)
        return self._callers[drawn].long(), self._callees[drawn].long(), others


class FullBatch:
    """GraphSAGE over all numbers and ties at once: one step an epoch."""

    def __init__(
        self, values: Matrix, adjacency: Adjacency, pairs: Pairs, settings: EncoderSettings, device: torch.device
    ) -> None:
        self._values = torch.from_numpy(values).to(device)
        self._graph = CallGraph(adjacency, device)
        self._pairs, self._device = pairs, device
        self.encoder = GraphSage(values.shape[1], settings.dims, settings.hops).to(device)
        self.decoder = nn.Linear(settings.dims, values.shape[1]).to(device)

    def losses(self, generator: torch.Generator) -> Iterator[Tensor]:
        """Give the loss of one pass over everything."""
        hidden = hidden_rows(len(self._values), generator).to(self._device)
        found: Tensor = self.encoder(without(self._values, hidden), self._graph)
        drawn = [ends.to(self._device) for ends in self._pairs.draw(min(len(self._pairs), LINKS), generator)]
        told = link_contrast(*(found.index_select(0, ends) for ends in drawn))
        yield told + reconstruction(self.decoder, found[hidden], self._values[hidden])


class Batches:
    """A perceptron over rows that were propagated beforehand: small steps, whatever the size of the graph."""

    def __init__(
        self, values: Matrix, adjacency: Adjacency, pairs: Pairs, settings: EncoderSettings, device: torch.device
    ) -> None:
        self._wide = values.shape[1]
        self._values = torch.from_numpy(propagated(values, adjacency, settings.hops))
        self._pairs, self._device = pairs, device
        self.encoder = Decoupled(self._values.shape[1], settings.dims).to(device)
        self.decoder = nn.Linear(settings.dims, self._wide).to(device)

    def losses(self, generator: torch.Generator) -> Iterator[Tensor]:
        """Give the losses of so many batches as show about every number once."""
        for _ in range(-(-len(self._values) // (3 * BATCH))):
            yield self._loss(generator)

    def _loss(self, generator: torch.Generator) -> Tensor:
        drawn = min(len(self._pairs), BATCH)
        rows = torch.cat(self._pairs.draw(drawn, generator))
        seen = self._values[rows].to(self._device)
        own = seen[:, : self._wide]
        hidden = hidden_rows(len(rows), generator).to(self._device)
        found: Tensor = self.encoder(torch.cat([without(own, hidden), seen[:, self._wide :]], dim=1))
        told = link_contrast(*found.view(3, drawn, -1))
        return reconstruction(self.decoder, found[hidden], own[hidden]) + told


def learner(
    values: Matrix, adjacency: Adjacency, pairs: Pairs, settings: EncoderSettings, device: torch.device
) -> FullBatch | Batches:
    """Give what learns in the mode of the settings."""
    kind = FullBatch if settings.mode == "sage" else Batches
    return kind(values, adjacency, pairs, settings, device)
