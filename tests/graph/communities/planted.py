"""Networks with planted groups, whose communities are known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

MOST_WITHIN = 0.9  # share of a group's pairs that are linked, where groups are too small for the degree
MIXED = [500] * 2 + [100] * 8 + [50] * 16 + [20] * 40 + [5] * 160  # as many nodes of every size
Nodes = npt.NDArray[np.int32]
Weights = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Planted:
    """Links and the group of each node."""

    truth: npt.NDArray[np.int64]
    a: Nodes
    b: Nodes
    weight: Weights

    def with_links(self, a: npt.NDArray[np.integer], b: npt.NDArray[np.integer], weight: Weights) -> Planted:
        """Add links; those of a node to itself are left out."""
        apart = a != b
        ends = np.r_[self.a, a[apart]].astype(np.int32), np.r_[self.b, b[apart]].astype(np.int32)
        return Planted(self.truth, *ends, np.r_[self.weight, weight[apart]])

    def with_hubs(self, hubs: int, links: int, seed: int) -> Planted:
        """Give some nodes links to anybody on top of their own."""
        chance = np.random.default_rng(seed)
        who = np.repeat(chance.choice(len(self.truth), hubs, replace=False), links)
        return self.with_links(who, chance.integers(0, len(self.truth), len(who)), np.ones(len(who)))

    def with_weights(self, seed: int) -> Planted:
        """Links within groups weigh 0.3 to 0.9, those between them 0.05 to 0.3."""
        chance = np.random.default_rng(seed)
        inside = self.truth[self.a] == self.truth[self.b]
        weight = np.where(inside, chance.uniform(0.3, 0.9, len(inside)), chance.uniform(0.05, 0.3, len(inside)))
        return Planted(self.truth, self.a, self.b, weight)

    def with_changes(self, share: float, seed: int) -> Planted:
        """Tie a share of the links anew, to anybody."""
        chance = np.random.default_rng(seed)
        kept = chance.random(len(self.a)) >= share
        a, b = chance.integers(0, len(self.truth), (2, np.count_nonzero(~kept)))
        rest = Planted(self.truth, self.a[kept], self.b[kept], self.weight[kept])
        return rest.with_links(a, b, np.ones(len(a)))


def planted(sizes: Sequence[int], degree: float, mixing: float, seed: int) -> Planted:
    """Give groups whose nodes have `degree` links in the mean, of which a share `mixing` goes to anybody."""
    chance = np.random.default_rng(seed)
    truth = np.repeat(np.arange(len(sizes)), sizes)
    first = np.cumsum(sizes) - np.asarray(sizes)
    within = [_group(chance, size, (1 - mixing) * degree) + at for size, at in zip(sizes, first, strict=True)]
    a, b = np.concatenate(within, axis=1).astype(np.int32)
    x, y = chance.integers(0, len(truth), (2, round(len(a) * mixing / (1 - mixing))))
    return Planted(truth, a, b, np.ones(len(a))).with_links(x, y, np.ones(len(x)))


def _group(chance: np.random.Generator, size: int, degree: float) -> npt.NDArray[np.int64]:
    """Give distinct pairs of 0..size-1, [2, pairs]."""
    low, high = np.triu_indices(size, 1)
    linked = chance.random(len(low)) < min(MOST_WITHIN, degree / (size - 1))
    return np.stack([low[linked], high[linked]])
