"""Two windows of a home, and what the product says of the later one: to be measured, nothing of it stays."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from api import pipeline
from api.scope import SCOPE
from configs import Settings
from detectors.results import Results
from detectors.run import score
from graph.run import build_snapshot
from graph.snapshot import Snapshot
from graph.windows import Window
from ingest.home import Home
from ingest.lake.lake import Lake
from ingest.progress import Progress


@dataclass(frozen=True)
class TwoCuts:
    """What is known at two cuts."""

    early: Snapshot
    late: Snapshot
    results: Results  # of the later window


@contextmanager
def two_cuts(home: Home, settings: Settings, early: Window, late: Window, progress: Progress) -> Iterator[TwoCuts]:
    """Give both windows' features and the later one's scores while the block runs; the home is held that long.

    Raises EmptyWindowError, HomeBusyError.
    """
    with home.writing("evaluate", pipeline.WAIT_S):
        pipeline.recover(home)
        pipeline.finish_erasures(home, settings, progress)
        lake = Lake(home)
        first, second = (build_snapshot(home, lake, w, lake.operators(), settings, progress) for w in (early, late))
        results = score(home, second, SCOPE, late.end, settings, progress, advance=False)
        try:
            yield TwoCuts(first, second, results)
        finally:
            pipeline.recover(home)
