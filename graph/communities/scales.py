"""The resolution is chosen for every part of a network by itself.

One resolution cannot find groups of 5 and of 500 in one network (Fortunato, Barthélemy 2007, Resolution limit in
community detection). So communities are divided again and again, each time among their own links at twice the
resolution, and where dividing makes them worth less than they were, they stay whole.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse.csgraph import connected_components

from graph.communities.leiden import Form, leiden
from graph.communities.network import Labels, Network, Nodes, Weights
from graph.communities.worth import Worth

STEP = 2.0  # from one resolution to the next
COARSEST = 0.5  # first resolution, as a multiple of where chance stands


@dataclass(frozen=True)
class Division:
    """Communities at one resolution, each inside one of the resolution before."""

    labels: Labels
    inside: Labels  # [communities] which community of the division before holds it
    worth: Weights  # [communities]


def at_their_scales(network: Network, seed: int, form: Form, start: Nodes | None = None) -> Labels:
    """Give each node's community: of all that are found at any resolution, those that are worth most together."""
    divisions = _divisions(network, seed, form, start)
    return _chosen(divisions, _stay_whole(divisions))


def _divisions(network: Network, seed: int, form: Form, start: Nodes | None) -> list[Division]:
    """Divide further until no two nodes that are linked are together."""
    value = Worth(network)
    labels = connected_components(network.matrix(), directed=False)[1].astype(np.int64)
    divisions = [Division(labels, np.zeros(labels.max() + 1, dtype=np.int64), value.of(labels))]
    resolution = COARSEST * _by_chance(network, form)
    left = network.within(labels)
    while len(left.low):
        finer = leiden(left, resolution, seed, form, start)
        divisions.append(Division(finer, _inside(finer, labels), value.of(finer)))
        labels, left, resolution = finer, left.within(finer), resolution * STEP
    return divisions


def _by_chance(network: Network, form: Form) -> float:
    """The resolution at which a pair's tie is what chance gives it."""
    if form == "modularity":
        return 1.0
    return float(network.weight.sum()) / (network.count * (network.count - 1) / 2)


def _inside(finer: Labels, labels: Labels) -> Labels:
    holder = np.zeros(finer.max() + 1, dtype=np.int64)
    holder[finer] = labels
    return holder


def _stay_whole(divisions: list[Division]) -> list[npt.NDArray[np.bool_]]:
    """Give for each division which communities are worth at least what the best of their divisions are together."""
    whole = []
    best = np.full(len(divisions[-1].worth), -np.inf)
    for division in reversed(divisions):
        whole.append(division.worth >= best)
        best = np.bincount(division.inside, np.maximum(division.worth, best))
    return whole[::-1]


def _chosen(divisions: list[Division], whole: list[npt.NDArray[np.bool_]]) -> Labels:
    """Walk from the coarsest division down, and leave each node at the first community that stays whole."""
    chosen = np.full(len(divisions[0].labels), -1, dtype=np.int64)
    used = 0
    for division, stays in zip(divisions, whole, strict=True):
        here = (chosen < 0) & stays[division.labels]
        chosen[here] = used + division.labels[here]
        used += len(stays)
    return chosen
