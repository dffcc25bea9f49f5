"""How well reported campaigns match the planted rings.

B³: A. Bagga, B. Baldwin, Algorithms for scoring coreference chains, 1998.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from scipy.sparse import coo_array, csr_array

from detectors.evaluation.ranking import rounded
from detectors.evaluation.truth import NONE, NodeTruth

BoolArray = npt.NDArray[np.bool_]
IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]
FOUND_SHARE = 0.5  # of a ring's members in one campaign


@dataclass(frozen=True)
class RingQuality:
    """Planted rings beside reported campaigns."""

    found: BoolArray  # [rings] in the order of the truth's ring names
    found_of_active: BoolArray  # [rings] the same, counted on the members with a call in the window only
    is_active: BoolArray  # [rings] has a member with a call in the window
    precision: float | None  # B³
    recall: float | None  # B³
    member_precision: float | None  # share of the reported members that are fraudulent
    members: int  # reported

    @property
    def f1(self) -> float | None:
        """Harmonic mean of B³ precision and recall."""
        if self.precision is None or self.recall is None:
            return None
        return rounded(2 * self.precision * self.recall / (self.precision + self.recall))

    def as_json(self) -> dict[str, Any]:
        """Give the values under their names in the report."""
        return {
            "b_cubed_precision": self.precision,
            "b_cubed_recall": self.recall,
            "b_cubed_f1": self.f1,
            "rings_found": int(self.found.sum()),
            "rings_planted": len(self.found),
            "rings_found_of_active_members": int(self.found_of_active.sum()),
            "rings_active": int(self.is_active.sum()),
            "member_precision": self.member_precision,
            "members": self.members,
        }


def ring_quality(truth: NodeTruth, members: pa.Table) -> RingQuality:
    """Compare the rings of `truth` with `members` (MEMBERS of a run; a node is in one campaign).

    A ring's members without a call in the window belong to it and are reported by nobody.
    """
    reported = reported_campaign(members, len(truth.fraud))
    fraud = truth.fraud[reported != NONE]
    active, rings = truth.ring.of, len(truth.ring.names)
    ring = np.concatenate([active, truth.silent.ring])
    claimed = np.concatenate([reported, np.full(len(truth.silent.ring), NONE)])
    judged = (ring != NONE) | (claimed != NONE)
    precision, recall = b_cubed(_own_cluster(ring[judged]), _own_cluster(claimed[judged]))
    return RingQuality(
        found=found_rings(ring, claimed, rings),
        found_of_active=found_rings(active, reported, rings),
        is_active=np.bincount(active[active != NONE], minlength=rings) > 0,
        precision=precision,
        recall=recall,
        member_precision=rounded(fraud.mean()) if len(fraud) else None,
        members=len(fraud),
    )


def reported_campaign(members: pa.Table, nodes: int) -> IntArray:
    """Give the row of each node's campaign, [nodes]; NONE for those in none."""
    campaign = np.full(nodes, NONE, dtype=np.int64)
    codes = members["campaign"].combine_chunks().dictionary_encode().indices
    campaign[members["node"].to_numpy()] = codes.to_numpy(zero_copy_only=False)
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
    if not len(true):
        return None, None
    both = coo_array((np.ones(len(true)), (true, predicted))).tocsr()
    precision = _purity(both, axis=0) / len(true)
    recall = _purity(both, axis=1) / len(true)
    return rounded(precision), rounded(recall)


def _purity(both: csr_array, axis: int) -> float:
    """Sum, over all items, the share of the item's own cell in its row (axis 1) or column (axis 0)."""
    size: FloatArray = np.asarray(both.sum(axis=axis))
    squares: FloatArray = np.asarray(both.power(2).sum(axis=axis))
    return float((squares / np.maximum(size, 1)).sum())


def _own_cluster(cluster: IntArray) -> IntArray:
    """Put every item without a cluster into one of its own."""
    alone = cluster == NONE
    own = cluster.copy()
    own[alone] = cluster.max(initial=NONE) + 1 + np.arange(alone.sum())
    return own
