"""Rings: communities of candidates that several reasons tie, kept where a module vouches for at least one member."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from configs import LinkReliability, Settings
from detectors.fusion import Fused
from detectors.judgement import BoolArray
from graph.communities import communities
from graph.links.table import DECIMALS, Links
from graph.snapshot import NodeArray

Weights = npt.NDArray[np.float64]

LEAST_TIE = 0.5  # of what ties the ring's proven members: a member that no module vouches for must be tied like them
NEAR = 0.65  # module score from which a number may belong to a ring although no module's facts hold
LEAST_PROVEN = 0.25  # of a ring's members; where fewer are vouched for, only those are reported
ALL_REASONS = "all"
_SURE = 1.0 - 10.0**-DECIMALS  # no hint is surer, so that doubts can be added up
ONE_RING = 0.7  # pieces tied by this share of what ties each within itself are one ring, cut too finely


@dataclass(frozen=True)
class Ring:
    """Linked suspicious numbers of one window."""

    members: NodeArray  # ascending
    fraud_type: str
    ties: Links  # among the members, each pair once with the weight of all its reasons; shared = reasons
    links: Sequence[Links]  # the same by reason


def find_rings(links: Sequence[Links], fused: Fused, settings: Settings) -> list[Ring]:
    """Give the rings of at least `campaigns.min_members`, in order of their smallest member; `links`: one a reason.

    Numbers that are far from what any module looks for are left out first: a call centre's agents share customers too.
    """
    near = fused.nearest >= NEAR
    links = [of.where(near[of.a] & near[of.b]) for of in links]
    ties = combined(links, settings.links.reliability)
    nodes = np.unique(np.concatenate([ties.a, ties.b]))
    a = np.searchsorted(nodes, ties.a).astype(np.int32)
    b = np.searchsorted(nodes, ties.b).astype(np.int32)
    leiden = settings.communities
    label = communities(len(nodes), a, b, ties.weight, leiden.resolution, leiden.seed)
    label = rejoined(label, a, b, ties.weight)
    rings = []
    for community in np.unique(label[fused.holds[nodes]]):
        members = _kept(nodes[label == community], ties, fused.holds)
        if len(members) >= settings.campaigns.min_members:
            of_ring = [_among(of, members) for of in links]
            rings.append(Ring(members, _majority(fused.fraud_type[members]), _among(ties, members), of_ring))
    return rings


def combined(links: Sequence[Links], reliability: LinkReliability) -> Links:
    """Give one link a pair: 1 - the product over its reasons of (1 - reliability x weight), `shared` = reasons.

    So are independent hints put together, each of which may mislead (noisy-or, Pearl 1988).
    """
    trust: dict[str, float] = reliability.model_dump()
    doubts = [np.log1p(-np.minimum(trust[of.reason] * of.weight, _SURE)) for of in links]
    pair = np.concatenate([np.empty(0, dtype=np.int64), *(of.a.astype(np.int64) << 32 | of.b for of in links)])
    pairs, which, reasons = np.unique(pair, return_inverse=True, return_counts=True)
    doubt = np.bincount(which, np.concatenate([np.empty(0), *doubts]), len(pairs))
    ends = (pairs >> 32).astype(np.int32), (pairs & 0xFFFFFFFF).astype(np.int32)
    weight = np.asarray(np.round(-np.expm1(doubt), DECIMALS), dtype=np.float64)
    return Links(ALL_REASONS, *ends, weight, reasons.astype(np.int64))


def rejoined(label: NodeArray, a: NodeArray, b: NodeArray, weight: Weights) -> NodeArray:
    """Put pieces of one ring together again where they are tied about as closely as each is within itself.

    Which pieces modularity cuts at a given resolution depends on the size of the whole graph; this does not. `label`
    [n] are communities numbered from 0; `a`, `b` are places in it.
    """
    while True:
        one, other = _close_pieces(label, a, b, weight)
        if not len(one):
            return label
        count = int(label.max()) + 1
        _, joined = connected_components(coo_array((np.ones(len(one)), (one, other)), shape=(count, count)))
        label = joined[label].astype(np.int32)


def _close_pieces(label: NodeArray, a: NodeArray, b: NodeArray, weight: Weights) -> tuple[NodeArray, NodeArray]:
    """Give the pairs of pieces whose mean tie is at least ONE_RING of the mean of both pieces' own mean ties."""
    size = np.bincount(label).astype(np.float64)
    low, high = np.minimum(label[a], label[b]), np.maximum(label[a], label[b])
    total = coo_array((weight, (low, high)), shape=(len(size), len(size)))
    total.sum_duplicates()
    one, other = total.coords
    is_within = one == other
    within = np.zeros(len(size))
    np.maximum.at(within, np.concatenate([one, other]), np.tile(total.data / (size[one] * size[other]), 2))
    within[one[is_within]] = total.data[is_within] / (size * (size - 1) / 2)[one[is_within]]
    between = total.data / (size[one] * size[other])
    close = ~is_within & (between >= ONE_RING * (within[one] + within[other]) / 2)
    return one[close].astype(np.int32), other[close].astype(np.int32)


def _kept(members: NodeArray, links: Links, holds: BoolArray) -> NodeArray:
    """Drop members without a module's fact that are weakly tied to those with one."""
    inside = _among(links, members)
    proven = members[holds[members]]
    ties = _ties_to(proven, inside, members)
    usual = float(np.median(ties[holds[members]])) if len(proven) > 1 else 1.0
    kept = members[holds[members] | (ties >= LEAST_TIE * usual)]
    return kept if len(proven) >= LEAST_PROVEN * len(kept) else proven


def _ties_to(proven: NodeArray, links: Links, members: NodeArray) -> Weights:
    """Give each member's mean link weight to the proven members other than itself."""
    total = np.zeros(len(members))
    for end, other in ((links.a, links.b), (links.b, links.a)):
        counted = np.isin(other, proven)
        np.add.at(total, np.searchsorted(members, end[counted]), links.weight[counted])
    return np.asarray(total / np.maximum(len(proven) - np.isin(members, proven), 1), dtype=np.float64)


def _among(links: Links, members: NodeArray) -> Links:
    return links.where(np.isin(links.a, members) & np.isin(links.b, members))


def _majority(fraud_types: npt.NDArray[np.object_]) -> str:
    """The fraud type of most members, ties by name."""
    counts = Counter(str(found) for found in fraud_types if found is not None)
    return min(counts, key=lambda name: (-counts[name], name))
