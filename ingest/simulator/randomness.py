"""Seeded randomness: every part of a world has a generator of its own, so parts do not shift each other."""

from __future__ import annotations

import zlib

import numpy as np
import numpy.typing as npt

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]


def generator(seed: int, part: str, day: int = -1) -> np.random.Generator:
    """Give the generator of a named part, or of that part on one day (0 = the first); equal arguments, equal draws."""
    sequence = np.random.SeedSequence(seed, spawn_key=(zlib.crc32(part.encode("utf-8")), day + 1))
    return np.random.Generator(np.random.PCG64(sequence))


def lognormal(rng: np.random.Generator, count: int, median: float, sigma: float) -> FloatArray:
    """Draw from the log-normal distribution with this median."""
    return median * np.exp(sigma * rng.standard_normal(count))
