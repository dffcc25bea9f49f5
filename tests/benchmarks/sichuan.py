"""6,106 real subscribers: python -m tests.benchmarks.sichuan --data DIR --features all|call --out scores.csv

Scores every user and prints figures on those that are labelled. Learns on `train` and is judged on `validation`, on
which SETTINGS were tuned by hand; the run itself chooses nothing. With --unsupervised no label is read but to judge.
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
from scipy.sparse import csr_array

from configs import load_settings
from detectors import boosting
from detectors.isolation_forest import odd_scores, table_with_gaps
from detectors.neighbour_means import links
from graph.communities import communities
from tests.benchmarks.research.figures import figures, over_seeds, shuffled, under_shuffled
from tests.benchmarks.research.neighbour_spreads import neighbour_spreads
from tests.benchmarks.research.reading import BoolArray, FloatArray, MissingDataError, Subscribers, read_subscribers
from tests.benchmarks.research.smoothing import smoothed

SETTINGS = {
    "all": boosting.Settings(trees=500, learning_rate=0.02, leaves=15, row_share=0.6, feature_share=0.4, l2=10.0),
    "call": boosting.Settings(
        trees=600, learning_rate=0.02, leaves=7, least_in_leaf=10, row_share=0.6, feature_share=0.8, l2=10.0
    ),
}
WITH_SPREADS = {"call"}  # beside all 55 features neighbours add nothing
MODELS = 5  # whose scores are averaged: one alone moves by 0.001 with its seed
TOP_DOUBT = 5.0  # of the top list: company of a few is not believed
RESOLUTION = 1.0

Scores = dict[str, FloatArray]


@dataclasses.dataclass(frozen=True)
class Options:
    """What is asked of a run."""

    features: str
    train_share: float
    thin: float
    unsupervised: bool


def scored(people: Subscribers, options: Options, seed: int) -> Scores:
    """Give `score`, and without supervision `top_score`, of every user [n]."""
    a, b = thinned(people, options.thin, seed)
    tied = links(len(people.users), a, b)
    if options.unsupervised:
        return unsupervised(people, tied, seed)
    learning = learners(people.train & people.known, options.train_share, seed)
    return {"score": boosted(columns_of(people, tied, options), learning, people.fraud, options, seed)}


def unsupervised(people: Subscribers, tied: csr_array, seed: int) -> Scores:
    """Score by an Isolation Forest averaged over the edges; no label is read."""
    forest = load_settings().isolation_forest.model_copy(update={"seed": seed})
    odd = odd_scores(table_with_gaps(people.features), forest)
    return {"score": smoothed(odd, tied), "top_score": smoothed(odd, tied, doubt=TOP_DOUBT)}


def columns_of(people: Subscribers, tied: csr_array, options: Options) -> dict[str, FloatArray]:
    """Give the features to learn from, those of neighbours included where they help."""
    if options.features not in WITH_SPREADS:
        return people.features
    return people.features | neighbour_spreads(people.features, tied, list(people.features))


def boosted(
    columns: dict[str, FloatArray], learning: BoolArray, fraud: BoolArray, options: Options, seed: int
) -> FloatArray:
    """Give the mean score of MODELS models that differ by what they draw, [n]."""
    examples, settings = {name: values[learning] for name, values in columns.items()}, SETTINGS[options.features]
    models = [boosting.fit(examples, fraud[learning], MODELS * seed + at, settings) for at in range(MODELS)]
    return np.asarray(np.mean([boosting.score(model, columns) for model in models], axis=0), dtype=np.float64)


def learners(train: BoolArray, share: float, seed: int) -> BoolArray:
    """Draw those to learn from, [n]: so many of all users, at most the whole training part."""
    rows = np.flatnonzero(train)
    drawn = np.random.default_rng(seed).permutation(rows)[: round(share * len(train))]
    chosen = np.zeros(len(train), dtype=np.bool_)
    chosen[drawn] = True
    return chosen


def thinned(people: Subscribers, share: float, seed: int) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Keep a share of the edges, drawn at random."""
    kept = np.random.default_rng(seed).permutation(len(people.a))[: round(share * len(people.a))]
    return people.a[kept], people.b[kept]


def judged(people: Subscribers, options: Options) -> BoolArray:
    """Tell on whom the scores are judged, [n]: everybody with a label, or the validation part of what was learnt."""
    return people.known if options.unsupervised else people.known & people.validation


def trial(people: Subscribers, options: Options, scores: Scores, seed: int) -> dict[str, Any]:
    """Give the figures of one seed's scores."""
    rows = judged(people, options)
    found = {name: figures(people.fraud[rows], values[rows]) for name, values in scores.items()}
    return {"seed": seed, **found.pop("score"), **found}


def shuffled_auc(people: Subscribers, options: Options, seed: int) -> float:
    """Give the AUC when labels are dealt out anew among the labelled, all else being the same."""
    other = dataclasses.replace(people, fraud=shuffled(people.fraud, people.known, seed))
    return float(trial(other, options, scored(other, options, seed), seed)["auc"])


def main(arguments: list[str] | None = None) -> int:
    """Score, write and print."""
    asked = _arguments(arguments)
    options = Options(asked.features, asked.train_share, asked.thin, asked.unsupervised)
    try:
        people = read_subscribers(asked.data, asked.features)
    except MissingDataError as problem:
        print(f"Cannot measure: {problem}", file=sys.stderr)
        return 2
    seeds = range(asked.seed, asked.seed + asked.seeds)
    scores = {seed: scored(people, options, seed) for seed in seeds}
    trials = [trial(people, options, found, seed) for seed, found in scores.items()]
    report: dict[str, Any] = {**dataclasses.asdict(options), "trials": trials, "over_seeds": over_seeds(trials)}
    if asked.shuffles:
        report["shuffled_labels"] = under_shuffled([shuffled_auc(people, options, s) for s in range(asked.shuffles)])
    columns: dict[str, Any] = dict(scores[asked.seed])
    if asked.communities:
        columns["community"] = _communities(people, options, asked.seed)
        report["communities"] = len(np.unique(columns["community"]))
    pyarrow.csv.write_csv(pa.table({"user": people.users, **columns}), asked.out)
    print(json.dumps(report, indent=1))
    return 0


def _communities(people: Subscribers, options: Options, seed: int) -> np.ndarray[Any, Any]:
    a, b = thinned(people, options.thin, seed)
    apart = a != b
    one, other = a[apart].astype(np.int32), b[apart].astype(np.int32)
    return communities(len(people.users), one, other, np.ones(len(one)), RESOLUTION, seed)


def _arguments(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the data set, or the one that holds it")
    parser.add_argument("--features", choices=("all", "call"), required=True)
    parser.add_argument("--train-share", type=float, default=0.6, help="of all users; 0.6 is the whole training part")
    parser.add_argument("--thin", type=float, default=1.0, help="share of the edges that is kept")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--seeds", type=int, default=1, help="how many, from --seed on; the first is written")
    parser.add_argument("--shuffles", type=int, default=0, help="how often to measure with labels dealt out anew")
    parser.add_argument("--unsupervised", action="store_true")
    parser.add_argument("--communities", action="store_true")
    parser.add_argument("--out", type=Path, required=True)
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
