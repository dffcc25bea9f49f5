"""Where torch computes, and how it is made to repeat itself."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import torch

# Never by the machine: sums must not depend on it. Two threads take half the time on idle cores, and several times the
# CPU time on busy ones, where each spins while it waits for the other.
THREADS = 1


def choose_device() -> torch.device:
    """Give the first CUDA device where there is one, else the CPU."""
    return torch.device("cuda:0" if torch.cuda.is_available() else "cpu")


@contextmanager
def repeatable(seed: int, device: torch.device) -> Iterator[torch.Generator]:
    """Give a generator while torch computes the same bytes each time; what was set before is set again afterwards.

    On CUDA an operation without a deterministic form warns instead of failing: equal numbers are promised on the CPU.
    """
    on_cuda = device.type == "cuda"
    if on_cuda:
        os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")  # cuBLAS asks for it before it repeats itself
    threads, strict = torch.get_num_threads(), torch.are_deterministic_algorithms_enabled()
    torch.set_num_threads(THREADS)
    torch.use_deterministic_algorithms(True, warn_only=on_cuda)
    try:
        with torch.random.fork_rng(devices=[device] if on_cuda else []):
            torch.manual_seed(seed)
            yield torch.Generator().manual_seed(seed)
    finally:
        torch.use_deterministic_algorithms(strict)
        torch.set_num_threads(threads)
