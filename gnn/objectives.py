"""What is learnt without labels: to tell a number's hidden columns from its contacts, and calls from chance pairs."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional

HIDDEN_SHARE = 0.3  # of the numbers, drawn anew every time


def hidden_rows(count: int, generator: torch.Generator) -> Tensor:
    """Draw which of `count` numbers have their own columns hidden, at least one, [count] bool on the CPU."""
    hidden = torch.zeros(count, dtype=torch.bool)
    hidden[torch.randperm(count, generator=generator)[: max(1, int(HIDDEN_SHARE * count))]] = True
    return hidden


def without(values: Tensor, hidden: Tensor) -> Tensor:
    """Give [n, columns] values with the hidden rows all 0, which reads: everything unknown."""
    return values.masked_fill(hidden[:, None], 0.0)


def reconstruction(decoder: nn.Module, embeddings: Tensor, values: Tensor) -> Tensor:
    """Give the mean Huber loss of [rows, columns] values as decoded (masked autoencoding: GraphMAE, Hou et al. 2022).

    The rows are those whose own columns were hidden from the encoder.
    """
    return functional.smooth_l1_loss(decoder(embeddings), values)


def link_contrast(callers: Tensor, callees: Tensor, others: Tensor) -> Tensor:
    """Give the loss of telling calls from chance pairs (Hamilton et al. 2017), one other callee for each call.

    All [calls, dims] embeddings. Directed: a vector's first half says whom a number calls, its second who calls it.
    """
    half = callers.shape[1] // 2

    def fit(ends: Tensor) -> Tensor:
        return (callers[:, :half] * ends[:, half : 2 * half]).sum(dim=1) / math.sqrt(half)

    likely: Tensor = functional.logsigmoid(fit(callees)) + functional.logsigmoid(-fit(others))
    return -likely.mean()
