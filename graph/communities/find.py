"""The one function that gives communities."""

from __future__ import annotations

import numpy as np

from graph.communities.leiden import Form, leiden
from graph.communities.network import Labels, Network, Nodes, Weights
from graph.communities.scales import at_their_scales


def communities(
    count: int,
    a: Nodes,
    b: Nodes,
    weight: Weights,
    resolution: float | None,
    seed: int,
    *,
    form: Form = "modularity",
    start: Nodes | None = None,
) -> Nodes:
    """Give the community of each of `count` nodes, numbered 0, 1, 2 … by smallest member.

    `a`, `b`, `weight` [links]: in any order and direction; weights of links between the same two are added. A node
    without links is a community of its own. `resolution` None chooses one for every part of the network by itself
    (graph.communities.scales); a number is Leiden at that resolution everywhere: above 1 the modularity form finds
    smaller communities than modularity does by itself, the constant Potts form takes the mean weight that pairs of
    members must reach. `start` [count]: communities to begin from, as yesterday's; a number that nobody shares, or any
    negative one, stands for a node that had none.

    The same links, start and seed give the same answer, whatever the order of rows. Numbering nodes otherwise may
    change it where the links are not clear. Raises ValueError for ends outside 0..count-1, links of a node to itself,
    weights that are not finite and positive, a resolution that is not positive, or columns of other lengths.
    """
    _check(count, a, b, weight, resolution, start)
    if len(a) == 0:
        return np.arange(count, dtype=np.int32)
    network = Network.of(count, a, b, weight)
    begun = None if start is None else _each_without_alone(start)
    if resolution is None:
        return _by_smallest_member(at_their_scales(network, seed, form, begun))
    return _by_smallest_member(leiden(network, resolution, seed, form, begun))


def _check(count: int, a: Nodes, b: Nodes, weight: Weights, resolution: float | None, start: Nodes | None) -> None:
    if not len(a) == len(b) == len(weight) or (start is not None and len(start) != count):
        raise ValueError("a, b and weight have one row a link, start one a node")
    if np.any((np.minimum(a, b) < 0) | (np.maximum(a, b) >= count)):
        raise ValueError(f"ends of links are nodes 0 to {count - 1}")
    if np.any(a == b) or not np.all(np.isfinite(weight) & (weight > 0)):
        raise ValueError("links tie two different nodes with a finite, positive weight")
    if resolution is not None and not 0 < resolution < np.inf:
        raise ValueError(f"a resolution is a positive number, not {resolution}")


def _each_without_alone(start: Nodes) -> Nodes:
    """Give every node with a negative community a new one."""
    nobody = start < 0
    begun = start.astype(np.int64)
    begun[nobody] = begun.max(initial=0) + 1 + np.arange(np.count_nonzero(nobody))
    return begun.astype(np.int32)


def _by_smallest_member(labels: Labels) -> Nodes:
    _, first, which = np.unique(labels, return_index=True, return_inverse=True)
    rank = np.empty(len(first), dtype=np.int32)
    rank[np.argsort(first)] = np.arange(len(first), dtype=np.int32)
    return rank[which]
