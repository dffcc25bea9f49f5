"""What a community is worth: how much shorter it makes the description of a network.

Tiago P. Peixoto and Lizhi Zhang, Statistical inference of assortative community structures, 2020; the first term is the
significance of V. A. Traag, G. Krings, P. Van Dooren, Significant scales in community structure, 2013.
"""

from __future__ import annotations

import numpy as np
from scipy.special import rel_entr

from graph.communities.network import Labels, Network, Weights


class Worth:
    """Values communities of one network against pairs that are linked by chance alike everywhere.

    A community of s of the n nodes, of whose pairs a share q is linked where p is usual, is worth
    s(s-1)/2 · D(q‖p) - s·ln(n/s) nats: what its links say more surely, less what it takes to say who belongs to it.
    Sums over communities can be compared, whatever resolution found them; modularity cannot: it falls as communities
    of the right size get small. A link counts by its weight, one of the usual weight or more as one whole link.
    """

    def __init__(self, network: Network) -> None:
        usual = float(network.weight @ network.weight / network.weight.sum())  # of a unit of weight, not of a link
        self._network = network
        self._link = np.minimum(network.weight / usual, 1.0)
        self._everywhere = min(float(self._link.sum()) / _pairs(np.array([network.count]))[0], 1.0)

    def of(self, labels: Labels) -> Weights:
        """Give the worth of each community."""
        size = np.bincount(labels).astype(np.float64)
        low = labels[self._network.low]
        links = np.bincount(low, self._link * (low == labels[self._network.high]), len(size))
        share = np.clip(links / np.maximum(_pairs(size), 1.0), self._everywhere, 1.0)  # fewer links than usual: no gain
        gain = _pairs(size) * _divergence(share, self._everywhere)
        return np.asarray(gain - size * np.log(self._network.count / size), dtype=np.float64)


def _pairs(size: Weights) -> Weights:
    return np.asarray(size * (size - 1) / 2, dtype=np.float64)


def _divergence(share: Weights, usual: float) -> Weights:
    """Kullback-Leibler divergence of two coins, in nats."""
    return np.asarray(rel_entr(share, usual) + rel_entr(1.0 - share, 1.0 - usual), dtype=np.float64)
