"""Whether embeddings help to find planted fraud, without labels and with them: the figures behind docs/gnn.md.

python -m tests.benchmarks.embeddings [--worlds DIR] [--callers N] [--days D] [--seeds S…] [--hardness H…] [--modes M…]

Learnt on the first half of each world, judged on the second; with labels by the time-forward, ring-disjoint protocol.
DIR keeps worlds and homes for the next time.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow.compute as pc

from api import pipeline
from api.two_cuts import TwoCuts, two_cuts
from configs import Settings, load_settings
from detectors.boosting import fit, score
from detectors.columns import feature_columns
from detectors.evaluation.protocol import NEIGHBOUR_FEATURES, Side, split, windows_around
from detectors.evaluation.ranking import ranking_quality
from detectors.evaluation.truth import lay_on, read_numbers
from detectors.isolation_forest import forest_table, odd_scores, rankable
from detectors.judgement import Columns, FloatArray
from detectors.neighbour_means import links, neighbour_means
from detectors.peers import compared_features
from gnn.embed import embed
from gnn.train import train
from graph.snapshot import Snapshot
from ingest.home import Home
from ingest.progress import Silent
from ingest.simulator import WorldSettings, simulate

SEED = 1
FOREST, BOOSTING, NEIGHBOURS = "isolation_forest", "boosting", "boosting_with_neighbours"
# what embeddings must beat, every one, and by what; the decision is made by these alone
COMPARED = {
    "without_labels": ((FOREST,), ("forest_of_embeddings", "forest_of_both", "forests_fused_by_rank")),
    "with_labels": ((BOOSTING, NEIGHBOURS), ("boosting_with_embeddings", "boosting_with_both")),
}
FIGURES = ("auc", "ap")
DRAWS = 10_000
Vectors = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Halves:
    """Both halves of a world with the embeddings of one model, which was learnt on the first."""

    early: Vectors
    late: Vectors
    learnt: Mapping[str, Any]


def main() -> None:
    """Make the worlds, measure each, and print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--worlds", type=Path)
    parser.add_argument("--callers", type=int, default=20_000)
    parser.add_argument("--days", type=int, default=10)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--hardness", nargs="+", default=["easy", "normal", "hard"])
    parser.add_argument("--modes", nargs="+", choices=["sage", "decoupled"], default=["sage", "decoupled"])
    options = parser.parse_args()
    with TemporaryDirectory() as scratch:
        measured = []
        for hardness in options.hardness:
            for seed in options.seeds:
                world = WorldSettings(
                    callers=options.callers, days=options.days, seed=seed, hardness=hardness, format="parquet"
                )
                measured.append(measure(world, options.worlds or Path(scratch), options.modes))
                print(json.dumps(measured[-1]), file=sys.stderr)
    modes = {mode: summary([world[mode] for world in measured]) for mode in options.modes}
    said = {"callers": options.callers, "days": options.days, "load_average": os.getloadavg()}
    helps = any(names for mode in modes.values() for names in mode["helps"].values())
    print(json.dumps({"helps": helps, **said, "modes": modes, "worlds": measured}, indent=1))


def measure(world: WorldSettings, folder: Path, modes: Sequence[str]) -> dict[str, Any]:
    """Give the figures of all detectors on one world, by the mode of learning."""
    name = f"{world.hardness}-{world.seed}"
    truth, home = folder / name, Home(folder / "homes" / name)
    settings = load_settings()
    if not (truth / "world.json").is_file():
        simulate(truth, world, Silent())
    if not home.databases.is_dir():
        pipeline.take_in(home, settings, [truth], "generic", Silent())
    whole = pipeline.snapshot_of(home, settings, pipeline.RunRequest(), Silent())
    first = pc.min(whole.numbers["first_seen"]).as_py()
    early, late = windows_around((first + whole.window.end) // 2, whole)
    found: dict[str, Any] = {"world": name}
    with two_cuts(home, settings, early, late, Silent()) as cuts:
        sides = split(truth, cuts.early, cuts.late, SEED)
        for mode in modes:
            halves = embedded(cuts, settings, mode)
            detectors = {**without_labels(truth, cuts, halves, settings), **with_labels(*sides, halves)}
            found[mode] = {"learnt": halves.learnt, "detectors": detectors}
    return found


def embedded(cuts: TwoCuts, settings: Settings, mode: str) -> Halves:
    """Learn from the first half, embed both."""
    trained = train(cuts.early, settings.gnn.model_copy(update={"mode": mode}), Silent())
    (early, _), (late, _) = (embed(snapshot, trained.checkpoint) for snapshot in (cuts.early, cuts.late))
    return Halves(early, late, {"epochs": trained.learnt.epochs, "cpu_s": round(trained.cpu_seconds, 1)})


def without_labels(truth: Path, cuts: TwoCuts, halves: Halves, settings: Settings) -> dict[str, Any]:
    """Judge Isolation Forests on all numbers of the second half that the truth knows; not ranked counts as 0."""
    columns = feature_columns(cuts.late.features)
    ranked = rankable(columns, settings.isolation_forest)
    features = forest_table(columns, compared_features(columns), ranked)
    vectors = halves.late[ranked]
    forest = {
        FOREST: odd_scores(features, settings.isolation_forest),
        "forest_of_embeddings": odd_scores(vectors, settings.isolation_forest),
        "forest_of_both": odd_scores(np.hstack([features, vectors]), settings.isolation_forest),
    }
    forest["forests_fused_by_rank"] = ranks(forest[FOREST]) + ranks(forest["forest_of_embeddings"])
    laid = lay_on(cuts.late, read_numbers(truth))
    return {name: figures(laid.fraud[laid.known], everyone(ranked, s)[laid.known]) for name, s in forest.items()}


def with_labels(learnt: Side, judged: Side, halves: Halves) -> dict[str, Any]:
    """Judge boosted trees on the other rings and numbers, in the second half."""
    early, late = described(learnt.snapshot, halves.early), described(judged.snapshot, halves.late)
    plain = compared_features(early)
    vectors = [name for name in early if name.startswith("emb_")]
    neighbours = [name for name in early if name not in {*plain, *vectors}]
    shown = {
        BOOSTING: plain,
        NEIGHBOURS: [*plain, *neighbours],
        "boosting_with_embeddings": [*plain, *vectors],
        "boosting_with_both": [*plain, *neighbours, *vectors],
    }
    found = {}
    for name, names in shown.items():
        examples = {column: early[column][learnt.rows] for column in names}
        scores = score(fit(examples, learnt.fraud, SEED), late)
        found[name] = figures(judged.fraud, scores[judged.rows])
    return found


def described(snapshot: Snapshot, vectors: Vectors) -> Columns:
    """Give features, means over contacts, and embeddings, one column a name."""
    columns = feature_columns(snapshot.features)
    tied = links(len(snapshot.numbers), snapshot.edges["caller"].to_numpy(), snapshot.edges["callee"].to_numpy())
    means = neighbour_means(columns, tied, NEIGHBOUR_FEATURES)
    kept = {name: columns[name] for name in compared_features(columns)}
    return {**kept, **means, **{f"emb_{at:02d}": vectors[:, at].astype(float) for at in range(vectors.shape[1])}}


def everyone(ranked: npt.NDArray[np.bool_], scores: FloatArray) -> FloatArray:
    """Give scores of all numbers, 0 where one is not ranked."""
    found = np.zeros(len(ranked))
    found[ranked] = scores
    return found


def ranks(scores: FloatArray) -> FloatArray:
    """Give the share of scores below each, 0..1."""
    return np.searchsorted(np.sort(scores), scores) / len(scores)


def figures(fraud: npt.NDArray[np.bool_], scores: FloatArray) -> dict[str, float]:
    """Give AUC and AP."""
    found = ranking_quality(fraud, scores)
    return {name: round(float(found[name] or 0.0), 4) for name in FIGURES}


def summary(measured: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Give means over the worlds, what embeddings gain over each detector without, and where they help over all."""
    names = list(measured[0]["detectors"])
    means = {name: {f: round(float(values_of(measured, name, f).mean()), 4) for f in FIGURES} for name in names}
    gains = {
        kind: {name: {base: gain(measured, base, name) for base in bases} for name in tried}
        for kind, (bases, tried) in COMPARED.items()
    }
    helps = {
        kind: [name for name, over in found.items() if all(one["helps"] for one in over.values())]
        for kind, found in gains.items()
    }
    return {"helps": helps, "gains": gains, "means": means}


def gain(measured: Sequence[Mapping[str, Any]], base: str, name: str) -> dict[str, Any]:
    """Give the mean difference over worlds with its 95 % bootstrap interval; worlds are drawn.

    It helps where AP rises for certain (the interval lies above 0) and AUC does not fall on average.
    """
    found: dict[str, Any] = {}
    for figure in FIGURES:
        apart = values_of(measured, name, figure) - values_of(measured, base, figure)
        drawn = np.random.default_rng(SEED).choice(apart, (DRAWS, len(apart))).mean(axis=1)
        ends = [round(float(end), 4) for end in np.quantile(drawn, (0.025, 0.975))]
        found[figure] = {"mean": round(float(apart.mean()), 4), "interval": ends, "better_in": int((apart > 0).sum())}
    return {**found, "helps": found["ap"]["interval"][0] > 0 and found["auc"]["mean"] >= 0}


def values_of(measured: Sequence[Mapping[str, Any]], name: str, figure: str) -> FloatArray:
    """Give one figure of one detector on every world."""
    return np.array([one["detectors"][name][figure] for one in measured])


if __name__ == "__main__":
    main()
