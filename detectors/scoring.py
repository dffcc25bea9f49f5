"""Scores of all numbers of a snapshot, before rings are known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from configs import Settings
from detectors.columns import feature_columns
from detectors.fusion import Fused, fuse
from detectors.isolation_forest import base_scores
from detectors.judgement import Columns, FloatArray, Judgement
from detectors.peers import compared_features
from detectors.registry import fraud_modules, judge_all
from detectors.results import MODULE_SCORES
from graph.snapshot import Snapshot

LEAST_SCORE = 0.5  # of a module; below it has nothing to say of a number


@dataclass(frozen=True)
class Scored:
    """What behaviour alone says of each number, [n]."""

    columns: Columns
    base: FloatArray  # NaN = not ranked
    judgements: Mapping[str, Judgement]
    not_computable: Mapping[str, str]  # module → why
    fused: Fused


def score_numbers(snapshot: Snapshot, settings: Settings) -> Scored:
    """Give base scores, judgements of all modules, and both fused."""
    columns = feature_columns(snapshot.features)
    base = base_scores(columns, compared_features(columns), settings.isolation_forest)
    judgements, not_computable = judge_all(fraud_modules(), columns)
    fused = fuse(base, snapshot.numbers["kind"], judgements, settings.verdicts)
    return Scored(columns, base, judgements, not_computable, fused)


def module_table(judgements: Mapping[str, Judgement]) -> pa.Table:
    """Give MODULE_SCORES: where a module holds or comes near."""
    tables = [_said(name, judgements[name]) for name in sorted(judgements)]
    return pa.concat_tables([MODULE_SCORES.empty_table(), *tables]).sort_by(
        [("node", "ascending"), ("module", "ascending")]
    )


def _said(name: str, judgement: Judgement) -> pa.Table:
    nodes = np.flatnonzero(judgement.holds | (judgement.score >= LEAST_SCORE))
    columns = [nodes.astype(np.int32), [name] * len(nodes), judgement.score[nodes], judgement.holds[nodes]]
    return pa.table(
        [pa.array(column, field.type) for column, field in zip(columns, MODULE_SCORES, strict=True)],
        schema=MODULE_SCORES,
    )
