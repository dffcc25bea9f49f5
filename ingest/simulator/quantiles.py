"""Drawing from a distribution by a table of its quantiles: one random integer and one look-up a value."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ingest.simulator.randomness import FloatArray, IntArray

STEPS = 1 << 16  # quantiles of a table; a draw takes 16 random bits


class Quantiles:
    """A distribution of whole numbers as equally likely values, or one for each of several classes."""

    def __init__(self, values: FloatArray) -> None:
        """Take the quantiles, [steps] or [classes, steps], where steps is a power of two of at most 65,536."""
        self.steps = values.shape[-1]
        self.table = values.astype(np.int64).ravel()

    def draw(self, rng: np.random.Generator, count: int) -> IntArray:
        """Draw `count` values, of the only class."""
        drawn: IntArray = self.table[rng.integers(self.steps, size=count, dtype=np.uint16)]
        return drawn

    def draw_of(self, rng: np.random.Generator, classes: npt.NDArray[np.integer]) -> IntArray:
        """Draw one value for each of `classes`."""
        place = rng.integers(self.steps, size=len(classes), dtype=np.uint16)
        drawn: IntArray = self.table[classes * self.steps + place]
        return drawn


def chances(steps: int = STEPS) -> FloatArray:
    """Give the middles of `steps` equally wide parts of 0 … 1, for which a distribution's quantiles are wanted."""
    return (np.arange(steps) + 0.5) / steps
