"""All figures of one run of the benchmark, and how they stand to each other."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from api.bench.ground import Ground
from api.bench.measured import of_runs, stage
from ingest.progress import Progress

Figures = Mapping[str, Any]
ONCE = ("run",)  # it changes the home
STAGES = (  # in this order: `snapshot` leaves what those below it read
    *("scan", "expressions", "additive", "same", "features", "edges", "entities", "snapshot"),
    *("communities", "forest", "links", "run"),
)
COMMON = ("same", "communities", "forest")  # what the baseline does, too; edges are made within the first
NEEDED = ("same", "snapshot", "communities", "forest")  # beside a baseline on fewer calls
ROUND = 3


def measured_stages(
    ground: Ground, names: Sequence[str], repeat: int, progress: Progress, beside: Callable[[], None] = lambda: None
) -> dict[str, dict[str, Any]]:
    """Give the figures of stages by name.

    All stages take part in each of `repeat` rounds, so that a machine that is slower for a while is so for all of them.
    A scan that does not count begins each round and warms the file cache; `beside` is called at the end of each.
    """
    runs = {"ingest": [_stage(ground, "ingest")]}
    progress.advance(1)
    for at in range(repeat):
        _stage(ground, "scan")
        for name in names:
            if at == repeat - 1 or name not in ONCE:
                runs.setdefault(name, []).append(_stage(ground, name))
                progress.advance(1)
        beside()
    found = {name: of_runs(of_stage) for name, of_stage in runs.items()}
    rows = found["snapshot"]["calls"]
    return {name: {**figures, "rows_per_s": round(rows / figures["seconds"])} for name, figures in found.items()}


def processes(names: Sequence[str], repeat: int) -> int:
    """Give how many processes `measured_stages` tells the progress of."""
    return 1 + sum(1 if name in ONCE else repeat for name in names)


def together(stages: Mapping[str, Figures]) -> dict[str, float]:
    """Give the sums of what the baseline does, too, and the most memory of these."""
    figures = [stages[name] for name in COMMON]
    sums = {name: round(sum(of[name] for of in figures), ROUND) for name in ("seconds", "cpu_seconds")}
    return {**sums, "peak_rss_mb": max(of["peak_rss_mb"] for of in figures)}


def report(
    stages: Mapping[str, dict[str, Any]], baseline: Mapping[str, Any] | None, machine: Mapping[str, Any]
) -> dict[str, Any]:
    """Give the shape that other programs read (CONTRACT: bench).

    `baseline`: its figures with `ours`, those of the product on the same calls; None where there is none.
    """
    scan, snapshot = stages["scan"], stages["snapshot"]
    to_scan = {name: _ratio(stages[name], scan, "cpu_seconds") for name in ("additive", "features")}
    ours = baseline["ours"] if baseline else None
    return {
        **{name: snapshot[name] for name in ("calls", "numbers", "edges")},
        "stages": {name: figures for name, figures in stages.items() if name != "scan"},
        "scan_limit": scan,
        "baseline": baseline,
        "ratio_to_baseline": _ratio(baseline, ours, "cpu_seconds") if baseline and ours else None,
        "memory_ratio_to_baseline": _ratio(baseline, ours, "peak_rss_mb") if baseline and ours else None,
        "ratio_to_scan_limit": to_scan["features"],
        "ratios_to_scan_limit": to_scan,
        "machine": {**machine, "load_average_after": os.getloadavg()},
    }


def machine(repeat: int) -> dict[str, Any]:
    """Give what the figures were measured on, before they are."""
    return {"cores": os.cpu_count(), "load_average": os.getloadavg(), "repeat": repeat}


def _stage(ground: Ground, name: str) -> dict[str, Any]:
    return stage(name, ground.home.root, ground.files)


def _ratio(one: Figures, other: Figures, name: str) -> float:
    return round(float(one[name]) / float(other[name]), ROUND)
