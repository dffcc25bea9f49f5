"""Time-forward and ring-disjoint: learn early on half of the rings, be judged later on the other half.

Random splits flatter a supervised detector: it meets the rings it has learnt, on days it has seen. Here neither a day
nor an organisation nor an innocent number is on both sides. What the product says without labels stands beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from detectors.boosting import fit, score
from detectors.columns import feature_columns
from detectors.evaluation.halves import drawn_half, families, ring_half
from detectors.evaluation.ranking import ranking_quality, rounded
from detectors.evaluation.reweighting import flagged_share
from detectors.evaluation.truth import NONE, NodeTruth, TruthError, lay_on, read_numbers
from detectors.judgement import Columns
from detectors.neighbour_means import links, neighbour_means
from detectors.peers import compared_features
from detectors.results import Results
from graph.snapshot import Snapshot
from graph.windows import Window, iso

NAME = "time-forward-ring-disjoint"
NEIGHBOUR_FEATURES = ("attempts", "callees", "acd", "asr", "received", "in_out_ratio", "fanout", "callback_rate")
BoolArray = npt.NDArray[np.bool_]
FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Side:
    """One of the two windows with the numbers that count in it."""

    snapshot: Snapshot
    truth: NodeTruth
    rows: BoolArray  # [n] nodes that are learnt from, or judged

    @property
    def fraud(self) -> BoolArray:
        """Labels of the rows."""
        return self.truth.fraud[self.rows]

    def as_json(self) -> dict[str, Any]:
        """Give when it is and how many count."""
        window, rings = self.snapshot.window, np.unique(self.truth.ring.of[self.rows & self.truth.fraud])
        return {
            "from": iso(window.start),
            "to": iso(window.end),
            "numbers": int(self.rows.sum()),
            "fraud": int(self.fraud.sum()),
            "rings": int((rings != NONE).sum()),
        }


def windows_around(cut: int, snapshot: Snapshot) -> tuple[Window, Window]:
    """Give the windows before and after `cut` (µs), of equal length, as long as the snapshot's calls allow.

    Counts of calls grow with a window, so windows of unlike length would be unlike worlds. Raises TruthError when the
    cut leaves one of them empty.
    """
    first, end = pc.min(snapshot.numbers["first_seen"]).as_py(), snapshot.window.end
    length = min(cut - first, end - cut)
    if length <= 0:
        raise TruthError(
            f"{iso(cut)} leaves nothing to learn from or nothing to be judged on; "
            f"the calls are of {iso(first)} .. {iso(end)}"
        )
    return Window(cut - length, cut), Window(cut, cut + length)


def forward_figures(truth_dir: Path, early: Snapshot, late: Snapshot, results: Results, seed: int) -> dict[str, Any]:
    """Learn from `early`, judge `late`, which has `results`; gives the section `protocol` as JSON values.

    Raises TruthError when a side lacks fraud or anybody else.
    """
    learnt, judged = split(truth_dir, early, late, seed)
    risk = np.asarray(results.scores["risk"].to_numpy(), dtype=np.float64)
    base = results.scores["base"].fill_null(0.0).to_numpy()
    detectors = {"product_risk": risk, "isolation_forest": base, **_supervised(learnt, judged, seed)}
    return {
        "name": NAME,
        "seed": seed,
        "learnt": learnt.as_json(),
        "judged": judged.as_json(),
        "detectors": {name: _figures(judged, scores) for name, scores in detectors.items()},
    }


def split(truth_dir: Path, early: Snapshot, late: Snapshot, seed: int) -> tuple[Side, Side]:
    """Choose what is learnt from and what is judged; no ring, its kin included, and no number is in both."""
    rows = read_numbers(truth_dir)
    before, after = lay_on(early, rows), lay_on(late, rows)
    half = ring_half(_ring_types(rows), families(truth_dir, sorted(_ring_types(rows))), seed)
    innocent = _half_of_numbers(rows, seed)
    learning = _chosen(before, half, pc.is_in(early.numbers["number"], value_set=innocent).to_numpy())
    known = early.numbers["number"].filter(pa.array(learning)).combine_chunks()
    met = pc.is_in(late.numbers["number"], value_set=known).to_numpy()
    others = pc.is_in(late.numbers["number"], value_set=innocent).to_numpy()
    judging = _chosen(after, frozenset(after.ring.names) - half, ~others) & ~met
    sides = Side(early, before, learning), Side(late, after, judging)
    for side, what in zip(sides, ("learn from", "judge"), strict=True):
        if side.fraud.all() or not side.fraud.any():
            raise TruthError(
                f"there is no fraud, or nobody else, to {what}; give another day, or a world with more rings"
            )
    return sides


def _ring_types(rows: pa.Table) -> dict[str, str]:
    fraud = rows.filter(pc.and_(pc.equal(rows["label"], "fraud"), pc.is_valid(rows["campaign"])))
    return dict(zip(fraud["campaign"].to_pylist(), fraud["fraud_type"].fill_null("").to_pylist(), strict=True))


def _half_of_numbers(rows: pa.Table, seed: int) -> pa.Array:
    numbers = pc.unique(rows["number"]).sort()
    return numbers.filter(pa.array(drawn_half(len(numbers), seed)))


def _chosen(truth: NodeTruth, rings: frozenset[str], innocent: BoolArray) -> BoolArray:
    """Give the fraudulent of some rings, and those of the innocent that the truth knows."""
    mine = np.array([*(name in rings for name in truth.ring.names), False])[truth.ring.of]  # NONE is the last
    return np.asarray(np.where(truth.fraud, mine, truth.known & innocent), dtype=np.bool_)


def _supervised(learnt: Side, judged: Side, seed: int) -> dict[str, FloatArray]:
    """Give scores of the later nodes, without and with what their neighbours are like."""
    early, late = _columns(learnt.snapshot), _columns(judged.snapshot)
    plain = _only(early, compared_features(early))
    learners = {"boosting": plain, "boosting_with_neighbours": early}
    return {name: _learn(columns, late, learnt, seed) for name, columns in learners.items()}


def _learn(early: Columns, late: Columns, learnt: Side, seed: int) -> FloatArray:
    return score(fit({name: values[learnt.rows] for name, values in early.items()}, learnt.fraud, seed), late)


def _only(columns: Columns, names: list[str]) -> Columns:
    return {name: columns[name] for name in names}


def _columns(snapshot: Snapshot) -> Columns:
    """Give the catalogue's features, no prototype doubles, and the means over contacts of some of them."""
    columns = feature_columns(snapshot.features)
    caller, callee = (snapshot.edges[name].to_numpy() for name in ("caller", "callee"))
    tied = links(len(snapshot.numbers), caller, callee)
    return {**_only(columns, compared_features(columns)), **neighbour_means(columns, tied, NEIGHBOUR_FEATURES)}


def _figures(judged: Side, scores: FloatArray) -> dict[str, Any]:
    mine = scores[judged.rows]
    flagged = flagged_share(mine, int(judged.fraud.sum()))
    return ranking_quality(judged.fraud, mine) | {
        "recall_at_fraud_count": rounded(float(flagged[judged.fraud].mean())),
        "by_fraud_type": _by_type(judged, flagged),
    }


def _by_type(judged: Side, flagged: FloatArray) -> Mapping[str, float]:
    types = ((name, of[judged.rows]) for name, of in judged.truth.fraud_type.rows())
    return {name: rounded(float(flagged[of].mean())) for name, of in types if of.any()}
