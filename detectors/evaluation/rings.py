"""How well reported campaigns match the planted rings.

B³: A. Bagga, B. Baldwin, Algorithms for scoring coreference chains, 1998.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from detectors.evaluation.ranking import rounded
from detectors.evaluation.truth import NONE, Names, NodeTruth

BoolArray = npt.NDArray[np.bool_]
IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]
FOUND_SHARE = 0.5  # of a ring's members in one campaign


@dataclass(frozen=True)
class Items:
    """All true ring members, silent ones too, and all reported members: what B³ is counted over."""

    ring: IntArray  # [items] NONE: of no ring
    claimed: IntArray  # [items] row of the campaign; NONE: reported in none
    fraud: BoolArray  # [items]
    precision: FloatArray  # [items] B³
    recall: FloatArray  # [items] B³

    @property
    def reported(self) -> BoolArray:
        """Who is in a campaign, [items]."""
        return np.not_equal(self.claimed, NONE)


@dataclass(frozen=True)
class RingQuality:
    """Planted rings beside reported campaigns."""

    found: BoolArray  # [rings] in the order of the truth's ring names
    found_of_active: BoolArray  # [rings] the same, counted on the members with a call in the window only
    is_active: BoolArray  # [rings] has a member with a call in the window
    items: Items

    @property
    def precision(self) -> float | None:
        """B³ precision."""
        return _mean(self.items.precision)

    @property
    def recall(self) -> float | None:
        """B³ recall."""
        return _mean(self.items.recall)

    @property
    def f1(self) -> float | None:
        """Harmonic mean of B³ precision and recall."""
        if self.precision is None or self.recall is None:
            return None
        return rounded(2 * self.precision * self.recall / (self.precision + self.recall))

    def as_json(self) -> dict[str, Any]:
        """Give the values under their names in the report."""
        reported = self.items.reported
        return {
            "b_cubed_precision": self.precision,
            "b_cubed_recall": self.recall,
            "b_cubed_f1": self.f1,
            "rings_found": int(self.found.sum()),
            "rings_planted": len(self.found),
            "rings_found_of_active_members": int(self.found_of_active.sum()),
            "rings_active": int(self.is_active.sum()),
            "member_precision": _mean(self.items.fraud[reported]),
            "members": int(reported.sum()),
        }


def of_organisations(truth: NodeTruth, family: Mapping[str, int]) -> NodeTruth:
    """Give the truth in which rings of one family (codes from 0, by ring) are one."""
    codes = np.array([*(family[name] for name in truth.ring.names), NONE])  # NONE is the last
    names = tuple(str(code) for code in range(int(codes.max()) + 1))
    silent = replace(truth.silent, ring=codes[truth.silent.ring])
    return replace(truth, ring=Names(names, codes[truth.ring.of]), silent=silent)


def ring_quality(truth: NodeTruth, reported: IntArray) -> RingQuality:
    """Compare the rings of `truth` with the campaign of each node, `reported` [n].

    A ring's members without a call in the window belong to it and are reported by nobody.
    """
    active, rings = truth.ring.of, len(truth.ring.names)
    ring = np.concatenate([active, truth.silent.ring])
    claimed = np.concatenate([reported, np.full(len(truth.silent.ring), NONE)])
    fraud = np.concatenate([truth.fraud, np.ones(len(truth.silent.ring), dtype=np.bool_)])
    judged = (ring != NONE) | (claimed != NONE)
    return RingQuality(
        found=found_rings(ring, claimed, rings),
        found_of_active=found_rings(active, reported, rings),
        is_active=np.bincount(active[active != NONE], minlength=rings) > 0,
        items=_items(ring[judged], claimed[judged], fraud[judged]),
    )


def _items(ring: IntArray, claimed: IntArray, fraud: BoolArray) -> Items:
    return Items(ring, claimed, fraud, *b_cubed_of_items(_own_cluster(ring), _own_cluster(claimed)))


def reported_campaign(members: pa.Table, nodes: int) -> IntArray:
    """Give the row of each node's campaign among the sorted ids, [nodes]; NONE for those in none."""
    campaign = np.full(nodes, NONE, dtype=np.int64)
    _, codes = np.unique(np.array(members["campaign"].to_pylist(), dtype=np.str_), return_inverse=True)
    campaign[members["node"].to_numpy()] = codes
    return campaign


def found_rings(ring: IntArray, reported: IntArray, rings: int) -> BoolArray:
    """Give which rings have at least half of their members in one campaign, [rings]."""
    sizes = np.bincount(ring[ring != NONE], minlength=rings)
    both = (ring != NONE) & (reported != NONE)
    pairs, count = np.unique(np.stack((ring[both], reported[both])), axis=1, return_counts=True)
    largest = np.zeros(rings, dtype=np.int64)
    np.maximum.at(largest, pairs[0], count)
    return (largest > 0) & (largest >= FOUND_SHARE * sizes)


def b_cubed(true: IntArray, predicted: IntArray) -> tuple[float | None, float | None]:
    """Give B³ precision and recall of two clusterings of the same items, [items] cluster codes; None without items."""
    precision, recall = b_cubed_of_items(true, predicted)
    return _mean(precision), _mean(recall)


def b_cubed_of_items(true: IntArray, predicted: IntArray) -> tuple[FloatArray, FloatArray]:
    """Give each item's share of its predicted cluster, and of its true one, that lies in both, [items]."""
    both = _sizes(np.unique(np.stack((true, predicted)), axis=1, return_inverse=True)[1].reshape(-1))
    return both / _sizes(predicted), both / _sizes(true)


def _sizes(cluster: IntArray) -> IntArray:
    """Give the size of each item's cluster, [items]."""
    return np.bincount(cluster)[cluster] if len(cluster) else cluster


def _mean(values: npt.NDArray[Any]) -> float | None:
    return rounded(values.mean()) if len(values) else None


def _own_cluster(cluster: IntArray) -> IntArray:
    """Put every item without a cluster into one of its own."""
    alone = cluster == NONE
    own = cluster.copy()
    own[alone] = cluster.max(initial=NONE) + 1 + np.arange(alone.sum())
    return own
