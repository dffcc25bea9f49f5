"""How good a partition of a weighted graph is, so that a fast one that finds less shows."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt


def modularity(
    label: npt.NDArray[np.int32], a: npt.NDArray[np.int32], b: npt.NDArray[np.int32], weight: npt.NDArray[np.float64]
) -> float:
    """Give the modularity of communities `label` [nodes] over undirected links a - b, rounded to six decimals.

    Newman, Girvan 2004. Links between the same two count together.
    """
    total = weight.sum()
    within = weight[label[a] == label[b]].sum() / total
    count = int(label.max()) + 1
    ends = np.bincount(label[a], weight, count) + np.bincount(label[b], weight, count)
    return float(np.round(within - np.square(ends / (2 * total)).sum(), 6))
