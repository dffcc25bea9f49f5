"""What each trap of the research data does to who steps into it: python -m tests.benchmarks.research.traps --data DIR

Every figure stands beside that of the honest path, and where it shows more beside both under shuffled labels.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_array
from sklearn.linear_model import LogisticRegression

from configs import load_settings
from detectors import boosting
from detectors.evaluation.ranking import levels_of, rounded
from detectors.isolation_forest import odd_scores, table_with_gaps
from detectors.log_scale import signed_log1p
from detectors.neighbour_means import links
from tests.benchmarks import bupt
from tests.benchmarks.research.figures import shuffled
from tests.benchmarks.research.label_shares import label_shares
from tests.benchmarks.research.reading import BoolArray, FloatArray, Subscribers, read_call_graph, read_subscribers

SHUFFLES = 20
ONE_MODEL = boosting.Settings(trees=150, learning_rate=0.08, leaves=7, feature_share=0.4)
LEAVES, SHARES = (3, 7, 15, 31), (0.1, 0.2, 0.4, 0.6, 0.8)  # of the settings one may choose among


def auc(fraud: BoolArray, scores: FloatArray) -> float:
    """Give the area under the ROC curve."""
    return levels_of(fraud, scores).ranking(np.ones(len(scores))).auc


def all_labels_two_hops(people: Subscribers, tied: csr_array) -> dict[str, FloatArray]:
    """Give shares of fraud one and two hops away from every label there is, the user's own and the judged included."""
    near = tied @ people.fraud.astype(np.float64) / (tied @ people.known.astype(np.float64) + 1)
    return {"near": near, "two_hops": tied @ near / (tied.sum(axis=1) + 1)}


def learnt(people: Subscribers, columns: dict[str, FloatArray], settings: boosting.Settings = ONE_MODEL) -> float:
    """Give the AUC on the validation part of one model of the training part."""
    examples = {name: values[people.train] for name, values in columns.items()}
    model = boosting.fit(examples, people.fraud[people.train], 0, settings)
    rows = people.validation
    return auc(people.fraud[rows], boosting.score(model, {name: values[rows] for name, values in columns.items()}))


def label_features(people: Subscribers, tied: csr_array) -> dict[str, float]:
    """Label features out of folds, and from all labels at once."""
    return {
        "out_of_fold": learnt(people, people.features | label_shares(people.train, people.fraud, tied, 0)),
        "from_all_labels": learnt(people, people.features | all_labels_two_hops(people, tied)),
    }


def choosing(people: Subscribers, _tied: csr_array) -> dict[str, float]:
    """One model's settings fixed before, and the best of twenty by the very users they are judged on."""
    tried = [
        learnt(people, people.features, dataclasses.replace(ONE_MODEL, leaves=leaves, row_share=rows))
        for leaves in LEAVES
        for rows in SHARES
    ]
    return {"fixed": learnt(people, people.features), "best_of_20": max(tried)}


def scaling(people: Subscribers, _tied: csr_array) -> dict[str, float]:
    """A logistic regression on features centred and scaled by the training part, and by all rows."""
    table = np.nan_to_num(np.stack([signed_log1p(values) for values in people.features.values()], axis=1))
    everybody = np.ones(len(table), dtype=np.bool_)
    return {"by_train": _linear(people, table, people.train), "by_all_rows": _linear(people, table, everybody)}


def gaps(people: Subscribers) -> dict[str, float]:
    """An Isolation Forest on tables whose gaps stand apart, and whose gaps are filled by medians."""
    forest = load_settings().isolation_forest
    logs = {name: np.log1p(np.maximum(values, 0)) for name, values in people.features.items()}
    filled = np.stack([np.where(np.isnan(v), np.nanmedian(v), v) for v in logs.values()], axis=1).astype(np.float32)
    tables = {"apart": table_with_gaps(people.features), "median": filled}
    return {
        name: rounded(auc(people.fraud[people.known], odd_scores(table, forest)[people.known]))
        for name, table in tables.items()
    }


def node_ids(data: Path) -> dict[str, float]:
    """The call graph with its nodes' ids among the features."""
    graph = read_call_graph(data)
    scores = bupt.scored(graph, {"id": np.arange(len(graph.kind), dtype=np.float64)}, 0)
    return {"auc": rounded(auc(graph.fraud[graph.known], scores[graph.known]))}


def measured(people: Subscribers, trap: Any) -> dict[str, Any]:
    """Give a trap's figures with the true labels and their means over shuffled ones."""
    tied = links(len(people.users), people.a, people.b)
    lots = [
        trap(dataclasses.replace(people, fraud=shuffled(people.fraud, people.known, seed)), tied)
        for seed in range(SHUFFLES)
    ]
    by_chance = {name: rounded(np.mean([one[name] for one in lots])) for name in lots[0]}
    return {"true": {name: rounded(v) for name, v in trap(people, tied).items()}, "shuffled": by_chance}


def _linear(people: Subscribers, table: FloatArray, seen: BoolArray) -> float:
    scaled = (table - table[seen].mean(axis=0)) / table[seen].std(axis=0)
    model = LogisticRegression(max_iter=2000).fit(scaled[people.train], people.fraud[people.train])
    return auc(people.fraud[people.validation], model.decision_function(scaled[people.validation]))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    data = parser.parse_args().data
    people = read_subscribers(data, "call")
    found: dict[str, Any] = {trap.__name__: measured(people, trap) for trap in (label_features, choosing, scaling)}
    everything = read_subscribers(data, "all")
    print(json.dumps(found | {"gaps": gaps(everything), "node_ids": node_ids(data)}, indent=1))


if __name__ == "__main__":
    main()
