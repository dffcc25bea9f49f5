"""How hard a world is: what the simplest methods find in it, and who lives in it. `docs/difficulty.md` explains.

A world that is easier than it should be is made harder; its report stays as it is.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from detectors.evaluation.halves import families
from detectors.evaluation.louvain import MOST_EDGES, ring_communities
from detectors.evaluation.population import campaigns, fraudulent, who_lives_there
from detectors.evaluation.ranking import rounded
from detectors.evaluation.simple_methods import BoolArray, Judged, forest_figures, learning_half, tree_trial
from detectors.evaluation.spread import spread
from detectors.evaluation.truth import NONE, Names
from detectors.evaluation.world_calls import FEATURES, WorldCalls
from ingest.progress import Progress

VERSION = 1  # of the report's shape
SEEDS = (1, 2, 3, 4, 5)  # one draw of halves and one forest each
LOUVAIN_DRAWS = 3  # a draw takes a minute for a million pairs
TREES = {"tree": False, "tree_balanced": True}  # whether both classes weigh the same in learning
NOT_MEASURED = "not_measured"
STEPS = 4
FILE = "report.json"


def measure(folder: Path, progress: Progress, most_edges: int = MOST_EDGES) -> dict[str, Any]:
    """Give the difficulty of the world in `folder`, as JSON values; shares and figures are 0..1.

    Equal folders give equal reports. A part that cannot be measured says `not_measured` and why. Raises TruthError when
    the folder holds no whole world.
    """
    progress.stage("difficulty", STEPS, "steps")
    with TemporaryDirectory(prefix="ringfence-difficulty-") as spill, WorldCalls(folder, Path(spill)) as world:
        callers, people = world.callers(), world.people()
        progress.advance(1)
        population = who_lives_there(folder, callers, people, world.days())
        progress.advance(1)
        methods = _methods(callers, families(folder, campaigns(people)))
        progress.advance(1)
        communities = _louvain(world, people, most_edges)
        progress.advance(1)
        kept = {name: world.parameters.get(name) for name in ("settings", "calls")}
    return {"version": VERSION, "world": kept, "population": population, **methods, "louvain": communities}


def write_report(folder: Path, report: Mapping[str, Any]) -> Path:
    """Keep a report beside the world that it is about; gives its path."""
    path = folder / FILE
    path.write_text(json.dumps(report, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    return path


def _methods(callers: pa.Table, family: Mapping[str, int]) -> dict[str, Any]:
    known = callers.filter(pc.is_valid(callers["fraud"]))
    judged = _judged(known)
    if _is_one_class(judged.fraud):
        return _not_measured("no fraud, or nobody else, makes calls", *TREES, "false_alerts", "isolation_forest")
    forest = {"isolation_forest": spread([forest_figures(judged, seed) for seed in SEEDS])}
    types = _types(known)
    return forest | _trees(judged, {seed: learning_half(judged, types, family, seed) for seed in SEEDS})


def _trees(judged: Judged, halves: Mapping[int, BoolArray]) -> dict[str, Any]:
    if any(_is_one_class(judged.fraud[rows]) for half in halves.values() for rows in (half, ~half)):
        return _not_measured("too few rings to learn from half of them", *TREES, "false_alerts")
    trials = {
        name: [tree_trial(judged, half, seed, balanced) for seed, half in halves.items()]
        for name, balanced in TREES.items()
    }
    return {name: spread([trial.figures for trial in of]) for name, of in trials.items()} | {
        "false_alerts": {
            "tree_precision": rounded(float(np.mean([trial.precision for trial in trials["tree"]]))),
            "share": _mean_by_kind([trial.false_alerts for trial in trials["tree"]]),
        },
    }


def _not_measured(why: str, *sections: str) -> dict[str, Any]:
    return {name: {NOT_MEASURED: why} for name in sections}


def _is_one_class(fraud: BoolArray) -> bool:
    return bool(fraud.all() or not fraud.any())


def _judged(known: pa.Table) -> Judged:
    return Judged(
        features=np.stack([known[name].to_numpy() for name in FEATURES], axis=1),
        fraud=known["fraud"].to_numpy(),
        campaign=_names(known["campaign"]),
        look_alike=_names(known["look_alike"]),
    )


def _names(column: pa.ChunkedArray) -> Names:
    names = pc.unique(column.drop_null()).sort()
    of = pc.fill_null(pc.index_in(column, value_set=names), NONE).to_numpy()
    return Names(tuple(names.to_pylist()), of.astype(np.int64))


def _mean_by_kind(trials: list[Mapping[str, float]]) -> dict[str, float]:
    kinds = sorted({kind for trial in trials for kind in trial})
    return {kind: rounded(float(np.mean([trial[kind] for trial in trials if kind in trial]))) for kind in kinds}


def _louvain(world: WorldCalls, people: pa.Table, most_edges: int) -> dict[str, Any]:
    count, edges = world.edges(most_edges)
    if edges is None:
        return {NOT_MEASURED: f"{count} pairs of numbers are more than {most_edges}", "edges": count}
    return ring_communities(edges, fraudulent(people), SEEDS[:LOUVAIN_DRAWS])


def _types(known: pa.Table) -> dict[str, str]:
    fraud = fraudulent(known)
    return dict(zip(fraud["campaign"].to_pylist(), fraud["fraud_type"].to_pylist(), strict=True))
