"""Leiden at one resolution (Traag, Waltman, van Eck 2019, From Louvain to Leiden), as graspologic-native has it."""

from __future__ import annotations

from typing import Literal

import graspologic_native
import numpy as np
from scipy.sparse.csgraph import connected_components

from graph.communities.network import Labels, Network, Nodes

Form = Literal["modularity", "constant_potts"]


def leiden(network: Network, resolution: float, seed: int, form: Form, start: Nodes | None = None) -> Labels:
    """Give each node's community; a node without links is one of its own.

    `resolution` of the modularity form is a factor of what chance would tie (Reichardt, Bornholdt 2006), of the
    constant Potts form the mean weight a pair of members must reach (Traag, Van Dooren, Nesterov 2011). `start` [nodes]
    are the communities from which nodes move.
    """
    if start is not None and len(network.low):
        return _from_start(network, resolution, seed, form, start)
    matrix = network.matrix()
    _, found = graspologic_native.leiden_csr(
        matrix.indptr.astype(np.int64),
        matrix.indices.astype(np.int32),
        matrix.data,
        network.count,
        resolution=resolution,
        use_modularity=form == "modularity",
        seed=seed,
    )
    labels = np.empty(network.count, dtype=np.int64)
    labels[np.fromiter(found.keys(), np.int64, len(found))] = np.fromiter(found.values(), np.int64, len(found))
    return labels


def _from_start(network: Network, resolution: float, seed: int, form: Form, start: Nodes) -> Labels:
    """The form that takes a start takes edges by name, and no node without one: slower than the matrix.

    A start with members that no link ties to the others makes it fail, so that each connected piece starts by itself.
    """
    pieces = connected_components(network.within(start).matrix(), directed=False)[1]
    linked = np.union1d(network.low, network.high)
    names = np.arange(network.count).astype(str).astype(object)
    begun = np.unique(pieces[linked], return_inverse=True)[1]
    _, found = graspologic_native.leiden(
        list(zip(names[network.low], names[network.high], network.weight.tolist(), strict=True)),
        starting_communities=dict(zip(names[linked], begun.tolist(), strict=True)),
        resolution=resolution,
        use_modularity=form == "modularity",
        seed=seed,
    )
    labels = len(linked) + np.arange(network.count, dtype=np.int64)  # alone, where no link ties a node
    labels[[int(name) for name in found]] = list(found.values())
    return np.unique(labels, return_inverse=True)[1]
