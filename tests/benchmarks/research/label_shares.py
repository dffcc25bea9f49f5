"""What is known of a number's neighbours: shares of known fraud one and two hops away, as features to learn from.

A label feature must not hold the label it is to predict. One hop away it does not; two hops away it does, for everybody
is a neighbour of its neighbours. So the known labels are dealt into folds, and what a known number is told comes from
the labels of the other folds alone: its own is in no source, whatever the number of hops.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from detectors.judgement import BoolArray, FloatArray

FOLDS = 5
NAMES = ("known_fraud_near", "known_near", "known_fraud_two_hops")


def label_shares(known: BoolArray, fraud: BoolArray, tied: csr_array, seed: int) -> dict[str, FloatArray]:
    """Give by NAMES [n]: share of fraud among known neighbours, how many are known, the neighbours' mean of that share.

    `known` [n] tells whose label may be read; `fraud` is read there alone. `tied` [n, n] is symmetric, nobody tied to
    itself. Shares are drawn towards that of all known numbers, so they are never NaN. Source: nested folds as in
    stacking, D. H. Wolpert 1992.
    """
    prior = float(fraud[known].mean())  # of all folds: that of the others alone would tell which fold a number is in
    told = _told(known, fraud, tied, prior)
    fold = _dealt(known, seed)
    for at in range(FOLDS):
        mine = fold == at
        told[mine] = _told(known & ~mine, fraud, tied, prior)[mine]
    return {name: told[:, at] for at, name in enumerate(NAMES)}


def _told(known: BoolArray, fraud: BoolArray, tied: csr_array, prior: float) -> FloatArray:
    count = tied @ known.astype(np.float64)
    near = (tied @ (known & fraud).astype(np.float64) + prior) / (count + 1)
    further = (tied @ near + prior) / (tied.sum(axis=1) + 1)
    return np.stack([near, count, further], axis=1)


def _dealt(known: BoolArray, seed: int) -> npt.NDArray[np.int64]:
    """Deal the known into folds of equal size; −1 = not known."""
    fold = np.full(len(known), -1, dtype=np.int64)
    rows = np.flatnonzero(known)
    fold[rows] = np.random.default_rng(seed).permutation(len(rows)) % FOLDS
    return fold
