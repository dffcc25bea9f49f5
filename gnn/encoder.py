"""Networks that turn a number and its neighbourhood into a vector; they know no number by itself, so new ones fit too.

GraphSAGE (Hamilton, Ying, Leskovec 2017) with weights of their own for whom a number calls and who calls it (as Rossi
et al. 2023 found to help on directed graphs), and the decoupled form (SIGN, Frasca et al. 2020), which reads
neighbourhoods that were propagated beforehand.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from gnn.message_passing import MessagePassing, sparse
from gnn.tensors import Adjacency, Direction


class _Product(torch.autograd.Function):
    """Sparse by dense. torch would transpose the matrix anew in every backward pass; here it is at hand."""

    @staticmethod
    def forward(ctx: Any, values: Tensor, mean: Tensor, transposed: Tensor) -> Tensor:
        ctx.transposed = transposed
        return mean @ values

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None, None]:
        return ctx.transposed @ gradients[0], None, None


class Ties:
    """One direction on the device: the weighted mean over neighbours and its transpose, sparse CSR [n, n]."""

    def __init__(self, direction: Direction, device: torch.device) -> None:
        self.mean = sparse(direction.mean, device)
        self.transposed = sparse(direction.transposed, device)


class CallGraph:
    """Both directions on the device."""

    def __init__(self, adjacency: Adjacency, device: torch.device) -> None:
        self.out = Ties(adjacency.out, device)
        self.into = Ties(adjacency.into, device)


class NeighbourMean(MessagePassing):  # type: ignore[misc]  # torch_geometric publishes no types
    """The weighted mean over neighbours, multiplied in one go (fused), never one message an edge."""

    def __init__(self) -> None:
        super().__init__(aggr="sum")  # the weights of a row add up to 1 already

    def forward(self, values: Tensor, ties: Ties) -> Tensor:
        """Give [n, d] means of [n, d] values."""
        found: Tensor = self.propagate(ties.mean, values=values, transposed=ties.transposed)
        return found

    def message_and_aggregate(self, edge_index: Tensor, values: Tensor, transposed: Tensor) -> Tensor:
        """Multiply; torch_geometric calls this for sparse tensors."""
        found: Tensor = _Product.apply(values, edge_index, transposed)
        return found


class DirectedSage(nn.Module):
    """One layer: own values, mean of whom it calls, mean of who calls it, each by weights of their own."""

    def __init__(self, wide: int, dims: int) -> None:
        super().__init__()
        self.own = nn.Linear(wide, dims)
        self.out = nn.Linear(wide, dims, bias=False)
        self.into = nn.Linear(wide, dims, bias=False)
        self.mean = NeighbourMean()

    def forward(self, values: Tensor, graph: CallGraph) -> Tensor:
        """Give [n, dims] of [n, wide]; the mean is taken after the weights, over fewer columns: the same sum."""
        called: Tensor = self.mean(self.out(values), graph.out)
        calling: Tensor = self.mean(self.into(values), graph.into)
        own: Tensor = self.own(values)
        return own + called + calling


class GraphSage(nn.Module):
    """So many layers as neighbours are away; the last one is linear."""

    def __init__(self, wide: int, dims: int, hops: int) -> None:
        super().__init__()
        self.layers = nn.ModuleList(DirectedSage(wide if at == 0 else dims, dims) for at in range(hops))
        self.norms = nn.ModuleList(nn.LayerNorm(dims) for _ in range(hops - 1))

    def forward(self, values: Tensor, graph: CallGraph) -> Tensor:
        """Give [n, dims] embeddings of [n, wide] values."""
        for layer, norm in zip(self.layers, self.norms, strict=False):
            values = torch.relu(norm(layer(values, graph)))
        found: Tensor = self.layers[-1](values, graph)
        return found


class Decoupled(nn.Module):
    """A perceptron with one hidden layer over a number's own and propagated values: no graph at learning time."""

    def __init__(self, wide: int, dims: int) -> None:
        super().__init__()
        self.hidden = nn.Linear(wide, 2 * dims)
        self.norm = nn.LayerNorm(2 * dims)
        self.last = nn.Linear(2 * dims, dims)

    def forward(self, values: Tensor) -> Tensor:
        """Give [rows, dims] embeddings of [rows, wide] values."""
        found: Tensor = self.last(torch.relu(self.norm(self.hidden(values))))
        return found
