"""A real call graph without times: python -m tests.benchmarks.bupt --data DIR --out scores.csv

Scores how likely each node is fraud (kind 1) and prints figures of a cross-validation on the visible labels: a labelled
node's score comes from the models that did not learn from it, every other's is the mean of all models. Ids of nodes are
never looked at: they are dealt out by kind, so that any model that sees them is perfect and worthless.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv

from detectors import boosting
from detectors.neighbour_means import links
from tests.benchmarks.research.figures import figures, over_seeds, shuffled, under_shuffled
from tests.benchmarks.research.graph_features import graph_features
from tests.benchmarks.research.label_shares import label_shares
from tests.benchmarks.research.reading import (
    UNKNOWN,
    CallGraph,
    FloatArray,
    IntArray,
    MissingDataError,
    read_call_graph,
)

SETTINGS = boosting.Settings(trees=250, learning_rate=0.05, leaves=15, feature_share=0.3)
FOLDS = 5
NORMAL, FRAUD = 0, 1

Features = dict[str, FloatArray]


def scored(graph: CallGraph, own: Features, seed: int) -> FloatArray:
    """Give the scores of all nodes, [nodes]; `own` are the features that need no label."""
    tied = links(len(graph.kind), graph.caller, graph.callee)
    fold = folds(graph.kind, seed)
    total = np.zeros(len(fold))
    for held in range(FOLDS):
        learning = graph.known & (fold != held)
        columns = {**own, **label_shares(learning, graph.fraud, tied, seed)}
        examples = {name: values[learning] for name, values in columns.items()}
        model = boosting.fit(examples, graph.fraud[learning], seed, SETTINGS)
        mine = (fold == held) | ~graph.known
        total[mine] += boosting.score(model, {name: values[mine] for name, values in columns.items()})
    return np.where(graph.known, total, total / FOLDS)


def folds(kind: IntArray, seed: int) -> IntArray:
    """Deal the labelled into folds, of each kind equally many into each, [nodes]; UNKNOWN for all others."""
    fold = np.full(len(kind), UNKNOWN, dtype=np.int64)
    draw = np.random.default_rng(seed)
    for one in np.unique(kind[kind != UNKNOWN]):
        rows = draw.permutation(np.flatnonzero(kind == one))
        fold[rows] = np.arange(len(rows)) % FOLDS
    return fold


def trial(graph: CallGraph, scores: FloatArray, seed: int) -> dict[str, Any]:
    """Give the figures of one seed: fraud against all other kinds, and against those that are normal only."""
    normal_or_fraud = (graph.kind == NORMAL) | (graph.kind == FRAUD)
    against_normal = figures(graph.fraud[normal_or_fraud], scores[normal_or_fraud])
    return {"seed": seed, **figures(graph.fraud[graph.known], scores[graph.known]), "against_normal": against_normal}


def shuffled_auc(graph: CallGraph, own: Features, seed: int) -> float:
    """Give the AUC when kinds are dealt out anew among the labelled, all else being the same."""
    other = dataclasses.replace(graph, kind=shuffled(graph.kind, graph.known, seed))
    return float(trial(other, scored(other, own, seed), seed)["auc"])


def main(arguments: list[str] | None = None) -> int:
    """Score, write and print."""
    asked = _arguments(arguments)
    try:
        graph = read_call_graph(asked.data)
    except MissingDataError as problem:
        print(f"Cannot measure: {problem}", file=sys.stderr)
        return 2
    own = graph_features(len(graph.kind), graph.caller, graph.callee)
    scores = {seed: scored(graph, own, seed) for seed in range(asked.seed, asked.seed + asked.seeds)}
    trials = [trial(graph, found, seed) for seed, found in scores.items()]
    report: dict[str, Any] = {
        "trials": trials,
        "over_seeds": over_seeds(trials),
        "against_normal_over_seeds": over_seeds([one["against_normal"] for one in trials]),
    }
    if asked.shuffles:
        report["shuffled_labels"] = under_shuffled([shuffled_auc(graph, own, s) for s in range(asked.shuffles)])
    pyarrow.csv.write_csv(pa.table({"node": np.arange(len(graph.kind)), "score": scores[asked.seed]}), asked.out)
    print(json.dumps(report, indent=1))
    return 0


def _arguments(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the data set, or the one that holds it")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--seeds", type=int, default=1, help="how many, from --seed on; the first is written")
    parser.add_argument("--shuffles", type=int, default=0, help="how often to measure with labels dealt out anew")
    parser.add_argument("--out", type=Path, required=True)
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
