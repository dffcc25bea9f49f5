"""What the simplest methods make of a world: a tree of three questions, and a forest without labels.

Each is grown on the reference prototype's five features and repeated over seeds, because rings are few and one draw of
halves says little.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sklearn.ensemble import IsolationForest
from sklearn.tree import DecisionTreeClassifier

from detectors.evaluation.halves import drawn_half, ring_half
from detectors.evaluation.ranking import rounded
from detectors.evaluation.reweighting import flagged_share, ranked
from detectors.evaluation.truth import NONE, Names

DEPTH = 3
OTHER = "other"  # the innocent that look like nothing
BoolArray = npt.NDArray[np.bool_]
FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Judged:
    """The callers of a world of whom the truth is known, [n]."""

    features: FloatArray  # [n, 5]
    fraud: BoolArray
    campaign: Names  # of the fraudulent
    look_alike: Names  # of the innocent


@dataclass(frozen=True)
class TreeTrial:
    """One tree on one draw of halves."""

    figures: Mapping[str, float]
    precision: float  # where as many are flagged as are fraudulent
    false_alerts: Mapping[str, float]  # there: share of the innocent of each kind that is flagged


def forest_figures(judged: Judged, seed: int) -> dict[str, float]:
    """Rank all callers by an Isolation Forest with scikit-learn's defaults."""
    forest = IsolationForest(random_state=seed).fit(judged.features)
    return ranked(judged.fraud, -forest.score_samples(judged.features))


def tree_trial(judged: Judged, learning: BoolArray, seed: int, balanced: bool) -> TreeTrial:
    """Grow a tree on the `learning` rows and judge it on the others; `balanced` weighs both classes alike."""
    tree = DecisionTreeClassifier(
        max_depth=DEPTH, random_state=seed, class_weight="balanced" if balanced else None
    ).fit(judged.features[learning], judged.fraud[learning])
    others = ~learning
    fraud, scores = judged.fraud[others], tree.predict_proba(judged.features[others])[:, 1]
    flagged = flagged_share(scores, int(fraud.sum()))
    return TreeTrial(
        ranked(fraud, scores),
        rounded(flagged[fraud].mean()),
        _by_kind(flagged, ~fraud, judged.look_alike, others),
    )


def learning_half(judged: Judged, types: Mapping[str, str], family: Mapping[str, int], seed: int) -> BoolArray:
    """Draw the rows to learn from, [n]: half of the rings of every type, half of the innocent."""
    rings = ring_half(types, family, seed)
    half: BoolArray = np.array([*(name in rings for name in judged.campaign.names), False])[judged.campaign.of]
    half[~judged.fraud] = drawn_half(int((~judged.fraud).sum()), seed)
    return half


def _by_kind(flagged: FloatArray, innocent: BoolArray, look_alike: Names, rows: BoolArray) -> dict[str, float]:
    kinds = [*look_alike.rows(), (OTHER, look_alike.of == NONE)]
    chosen = ((name, innocent & of[rows]) for name, of in kinds)
    return {name: rounded(float(flagged[of].mean())) for name, of in chosen if of.any()}
