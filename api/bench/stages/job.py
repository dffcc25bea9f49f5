"""What the commands `ingest` and `run` do."""

from __future__ import annotations

import shutil

from api import pipeline
from api.bench.ground import Ground, Told, Work, nothing
from ingest.progress import Silent


def ingest(ground: Ground) -> Work:
    """All files into the lake, with the summaries by day."""

    def work() -> Told:
        pipeline.take_in(ground.home, ground.settings, [ground.files], "generic", Silent())
        return nothing

    return work


def run(ground: Ground) -> Work:
    """The main job without ingest: snapshot, scores, links, rings, evidence, alerts, events."""
    for folder in ground.home.snapshots.iterdir():
        shutil.rmtree(folder)

    def work() -> Told:
        report = pipeline.run(ground.home, ground.settings, pipeline.RunRequest(), Silent()).as_json()
        return lambda: {name: report[name] for name in ("scored", "alerts", "campaigns")}

    return work
