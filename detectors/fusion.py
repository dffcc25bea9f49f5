"""One risk per number from the base score and the fraud modules, honest about what it rests on.

Without labels the base score is only a rank among peers of the same kind: it is mapped to 0..84, just below dangerous.
Only a module whose facts hold lifts a number to dangerous, 85, or more. Both follow the settings.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from configs import VerdictSettings
from detectors.judgement import BoolArray, FloatArray, Judgement

MODULE, RANK, NONE = "module", "rank", "none"
TextArray = npt.NDArray[np.object_]


@dataclass(frozen=True)
class Fused:
    """What is said of each number, before rings are known."""

    risk: FloatArray  # [n] 0..100
    basis: TextArray  # [n] rank, module, none
    holds: BoolArray  # [n] whether a module's facts hold
    fraud_type: TextArray  # [n] the module that holds with the highest score, else None
    nearest: FloatArray  # [n] 0..1, the highest score of any module, whether it holds or not; 0 without modules


def fuse(
    base: FloatArray, kinds: pa.ChunkedArray, judgements: Mapping[str, Judgement], verdicts: VerdictSettings
) -> Fused:
    """Fuse [n] base scores (NaN = not ranked) with the judgements; `kinds` [n] says who is whose peer."""
    tail = tail_ranks(base, kinds.dictionary_encode().combine_chunks().indices.to_numpy())
    rarity = rank_strength(tail, verdicts.top_share)
    score, fraud_type = _held(judgements, len(base))
    holds = ~np.isnan(score)
    lifted = verdicts.dangerous + (100.0 - verdicts.dangerous) * (0.5 * np.nan_to_num(score) + 0.5 * rarity)
    risk = np.where(holds, lifted, verdicts.rank_ceiling * rarity)
    basis = np.where(holds, MODULE, np.where(np.isnan(base), NONE, RANK)).astype(object)
    return Fused(
        np.asarray(np.round(risk, 4), dtype=np.float64), basis, holds, fraud_type, _nearest(judgements, len(base))
    )


def tail_ranks(base: FloatArray, kinds: npt.NDArray[np.int32]) -> FloatArray:
    """Give the share of ranked peers with at least this base score, 1/peers..1; NaN where not ranked."""
    tail = np.full(len(base), np.nan)
    for kind in np.unique(kinds):
        mine = np.flatnonzero((kinds == kind) & ~np.isnan(base))
        ordered = np.sort(base[mine])
        tail[mine] = (len(ordered) - np.searchsorted(ordered, base[mine], side="left")) / max(len(ordered), 1)
    return tail


def rank_strength(tail: FloatArray, top_share: float) -> FloatArray:
    """Map tail shares to 0..1 on a log scale: each halving of the tail counts the same, `top_share` and less give 1.

    So half of all numbers keep a risk near 0 and only rare ones come near the ceiling, whatever the size of the world.
    """
    strength = np.log(np.where(np.isnan(tail), 1.0, tail)) / np.log(top_share)
    return np.asarray(np.clip(strength, 0.0, 1.0), dtype=np.float64)


def verdict_of(risk: FloatArray, verdicts: VerdictSettings) -> TextArray:
    """Give SAFE, SUSPICIOUS or DANGEROUS for [n] risks."""
    suspicious, dangerous = risk >= verdicts.suspicious, risk >= verdicts.dangerous
    return np.where(dangerous, "DANGEROUS", np.where(suspicious, "SUSPICIOUS", "SAFE")).astype(object)


def _nearest(judgements: Mapping[str, Judgement], count: int) -> FloatArray:
    scores = [np.zeros(count), *(judgement.score for judgement in judgements.values())]
    return np.asarray(np.max(scores, axis=0), dtype=np.float64)


def _held(judgements: Mapping[str, Judgement], count: int) -> tuple[FloatArray, TextArray]:
    """The best score among modules that hold, NaN for none, and its module; ties go to the first name."""
    score, fraud_type = np.full(count, np.nan), np.full(count, None, dtype=object)
    for name in sorted(judgements):
        judgement = judgements[name]
        better = judgement.holds & (np.isnan(score) | (judgement.score > score))
        score[better], fraud_type[better] = judgement.score[better], name
    return score, fraud_type
