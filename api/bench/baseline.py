"""The baseline: run beside the product on the same calls, and held to the same values."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from api.bench.ground import Ground
from api.bench.measured import ROOT, BenchError, medians, of_runs, spoken
from detectors.columns import feature_columns
from detectors.isolation_forest import base_scores
from detectors.peers import compared_features, is_share
from graph.snapshot import Snapshot
from ingest.progress import Progress

MODULE = "tests.benchmarks.baseline"
ABSENT = f"the baseline, {MODULE}, is part of the source tree only"
_OURS = {"ARROW_DEFAULT_MEMORY_POOL"}  # `ringfence` sets it for itself: the baseline always has what pandas users have
EQUAL = 1e-9  # to which values are rounded; one unit of it apart is the same, where sums were taken in other orders
_SLACK = 1.001  # of that unit, for what floating point makes of it
Floats = npt.NDArray[np.float64]


def is_there() -> bool:
    """Whether this is a source tree, which has the baseline."""
    return (ROOT / "tests" / "benchmarks" / "baseline.py").is_file()


class Baseline:
    """The baseline on the calls of a ground, in up to `repeat` processes."""

    def __init__(self, ground: Ground, folder: Path, repeat: int, progress: Progress) -> None:
        self._ground, self._out, self._repeat, self._progress = ground, folder, repeat, progress
        self._runs: list[dict[str, Any]] = []

    def run(self) -> None:
        """Run it once more, unless it was often enough; a snapshot of the same calls is there. Raises BenchError."""
        if len(self._runs) < self._repeat:
            asked = self._out / "asked.json"
            asked.write_text(json.dumps(_asked(self._ground, self._out)), encoding="utf-8")
            self._runs.append(spoken(MODULE, str(asked), without=_OURS))
            self._progress.advance(1)

    def figures(self) -> dict[str, Any]:
        """Run what is left, and give medians of all; raises BenchError where its values are not ours."""
        while len(self._runs) < self._repeat:
            self.run()
        compared = differing(self._ground.snapshot(), pq.read_table(self._out / "features.parquet"))
        scores = _scores_differ(self._ground, pq.read_table(self._out / "scores.parquet")["score"])
        wrong = [f"{name} of {count} numbers" for name, count in compared.items() if count]
        if scores:
            wrong.append(f"the forest's score of {scores} numbers")
        if wrong:
            raise BenchError(f"the baseline gives other values: {', '.join(wrong)}")
        runs = self._runs
        stages = {name: medians([run["stages"][name] for run in runs]) for name in runs[0]["stages"]}
        return {**of_runs(runs), "stages": stages, "equal_features": sorted(compared)}


def differing(snapshot: Snapshot, theirs: pa.Table) -> dict[str, int]:
    """Give of each feature of `theirs` (number, then features) of how many numbers it differs from the snapshot's.

    Raises BenchError where the numbers are not the same.
    """
    place = pc.index_in(theirs["number"], value_set=snapshot.numbers["number"].combine_chunks())
    if place.null_count or sorted(place.to_pylist()) != list(range(len(snapshot.numbers))):
        raise BenchError(f"the baseline has {len(theirs)} numbers, not the same {len(snapshot.numbers)}")
    ours, node = feature_columns(snapshot.features), place.to_numpy()
    return {name: _unequal(ours[name][node], _floats(theirs[name])) for name in theirs.column_names if name != "number"}


def _scores_differ(ground: Ground, theirs: pa.ChunkedArray) -> int:
    columns = feature_columns(ground.snapshot().features)
    ours = base_scores(columns, compared_features(columns), ground.settings.isolation_forest)
    return _unequal(ours, _floats(theirs))


def _unequal(ours: Floats, theirs: Floats) -> int:
    """Count where only one is known, or both are and differ."""
    apart = np.abs(np.round(ours, 9) - np.round(theirs, 9)) > EQUAL * _SLACK
    return int(np.count_nonzero(apart | (np.isnan(ours) != np.isnan(theirs))))


def _floats(column: pa.ChunkedArray) -> Floats:
    return np.asarray(column.cast(pa.float64()).fill_null(np.nan).to_numpy(), dtype=np.float64)


def _asked(ground: Ground, out: Path) -> Mapping[str, Any]:
    window, settings, snapshot = ground.window(), ground.settings, ground.snapshot()
    names = compared_features(feature_columns(snapshot.features))
    return {
        "paths": [str(path) for path in ground.paths()],
        "window": [window.start, window.end],
        "night": list(settings.features.night_local_h),
        "office": list(settings.features.office_local_h),
        "forest": settings.isolation_forest.model_dump(mode="json"),
        "compared": {name: is_share(name) for name in names},
        "features": str(snapshot.folder / "features.arrow"),
        "seed": settings.communities.seed,
        "out": str(out),
    }
