"""Numbers that no figure tells apart, taken together: so a resample costs as much as there are cells, not numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from detectors.evaluation.bootstrap import OTHER_SEED, RESAMPLES, cluster_weights, own_clusters
from detectors.evaluation.judged import Judged
from detectors.evaluation.ranking import Levels, can_be_ranked, levels_of
from detectors.evaluation.truth import Names

BoolArray = npt.NDArray[np.bool_]
FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Cells:
    """Cells of judged numbers, and of others that may be alerted, [c].

    Fraudulent numbers and those that may be alerted have a cell each; other innocent ones share it with those of their
    level and kind.
    """

    numbers: IntArray
    known: BoolArray
    fraud: BoolArray
    dangerous: BoolArray
    ring: IntArray  # rows of the truth's names, as the next two
    fraud_type: Names
    look_alike: Names
    order: IntArray  # cells that may be alerted, the first to be alerted first
    levels: Levels | None  # of the known cells; None where they cannot be ranked

    @property
    def innocent(self) -> BoolArray:
        """Whom the truth knows and does not call fraudulent, [c]."""
        return self.known & ~self.fraud

    def resamples(self) -> Iterator[FloatArray]:
        """Give, RESAMPLES times, how often each cell counts, [c]: rings drawn anew, and innocent numbers.

        Whom the truth does not know counts as before: it competes for alerts.
        """
        rings = cluster_weights(own_clusters(self.ring[self.fraud]))
        for of_fraud, of_innocent in zip(rings, crowd_weights(self.numbers[self.innocent]), strict=True):
            weight = np.ones(len(self.numbers))
            weight[self.fraud], weight[self.innocent] = of_fraud, of_innocent
            yield weight


def crowd_weights(numbers: IntArray) -> Iterator[FloatArray]:
    """Give, RESAMPLES times, how many come from each cell [c] when as many numbers are drawn, with replacement."""
    draw, total = np.random.default_rng(OTHER_SEED), int(numbers.sum())
    for _ in range(RESAMPLES):
        drawn = draw.multinomial(total, numbers / total) if total else numbers
        yield drawn.astype(np.float64)


def cells_of(judged: Judged) -> Cells:
    """Give the cells of a run."""
    first, numbers, levels = _first_of_each(judged)
    truth = judged.truth
    cell = np.full(len(judged.risk), -1)
    cell[first] = np.arange(len(first))
    return Cells(
        numbers=numbers,
        known=truth.known[first],
        fraud=truth.fraud[first],
        dangerous=judged.dangerous[first],
        ring=truth.ring.of[first],
        fraud_type=Names(truth.fraud_type.names, truth.fraud_type.of[first]),
        look_alike=Names(truth.look_alike.names, truth.look_alike.of[first]),
        order=cell[judged.order],
        levels=levels.of_some(first[truth.known[first]]) if levels else None,
    )


def _first_of_each(judged: Judged) -> tuple[IntArray, IntArray, Levels | None]:
    """Give one node of each cell, how many nodes there are in it, and the levels of all nodes."""
    truth, nodes = judged.truth, np.arange(len(judged.risk))
    levels = levels_of(truth.fraud, judged.risk) if can_be_ranked(truth.fraud[truth.known]) else None
    level = levels.of if levels else np.zeros(len(nodes), dtype=np.int64)
    kinds = len(truth.look_alike.names) + 1
    alone = truth.fraud.copy()
    alone[judged.order] = True
    shared = level * kinds + truth.look_alike.of + 1
    key = np.where(alone, shared.max(initial=0) + 1 + nodes, shared)[alone | truth.known]
    _, at, numbers = np.unique(key, return_index=True, return_counts=True)
    return np.flatnonzero(alone | truth.known)[at], numbers, levels
