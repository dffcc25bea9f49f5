"""Scores averaged over links: a number is judged in the company of those it is tied to.

The company is only as telling as it is large, so a mean over few neighbours is drawn towards the mean of all
(additive smoothing, as in the m-estimate of B. Cestnik, 1990). A number without links ends between what it has itself
and what all have: it is not called ordinary for want of links, nor odd on its own word alone.
"""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array
from scipy.stats import rankdata

from detectors.judgement import FloatArray

HOPS = 2
DOUBT = 1.0  # neighbours of the mean score of all that everybody has beside its own
OWN = 0.5  # of every hop


def smoothed(scores: FloatArray, tied: csr_array, hops: int = HOPS, doubt: float = DOUBT) -> FloatArray:
    """Give [n] ranks 0..1 of `scores`, averaged `hops` times with those of the neighbours in `tied` [n, n].

    Ranks, because the tail of an oddity score says little about how odd. Reads no label.
    """
    told = rankdata(scores) / len(scores)
    mean, degrees = told.mean(), tied.sum(axis=1)
    for _ in range(hops):
        told = OWN * told + (1 - OWN) * (tied @ told + doubt * mean) / (degrees + doubt)
    return np.asarray(told, dtype=np.float64)
