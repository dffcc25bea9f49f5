"""The main job, read first: ingest → graph → detectors → switch → events → publish.

Every stage takes tables and settings and writes only its own. The result counts from the one ledger transaction that
moves the pointer; whatever a killed run left behind is swept by the next one.
"""

from __future__ import annotations

import resource
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from api import events, retention
from api.publishing import PublishOutcome, publish_run
from api.scope import SCOPE
from configs import Settings
from detectors.results import Results
from detectors.run import score
from detectors.work import purge_uncommitted
from graph.as_of import default_as_of
from graph.run import build_snapshot
from graph.snapshot import Snapshot
from graph.windows import Window, iso
from ingest.database import open_database
from ingest.faults import point
from ingest.home import Home
from ingest.lake import Lake
from ingest.ledger import RunRow, committed_runs, current_run, switch_run
from ingest.progress import Progress
from ingest.run import IngestReport, ingest


@dataclass(frozen=True)
class RunRequest:
    """What the main job is asked to do; None means the setting or the data decide."""

    paths: Sequence[Path] = ()
    operator: str = "generic"
    span: str | None = None
    as_of: int | None = None
    store: str = "embedded"


@dataclass
class RunReport:
    """What the main job did."""

    snapshot: Snapshot
    results: Results
    window: Window
    store: str
    what_if: bool
    ingested: IngestReport | None
    published: PublishOutcome | None
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def degraded(self) -> str | None:
        """Why the result is less than asked for, or None."""
        return self.published.failure if self.published else None

    def as_json(self) -> dict[str, Any]:
        """The shape other programs read (CONTRACT: run)."""
        counts = self.results.manifest["counts"]
        return {
            "run": self.results.run,
            "as_of": iso(self.window.end),
            "window": {"from": iso(self.window.start), "to": iso(self.window.end)},
            "calls": self.snapshot.manifest["counts"]["calls"],
            "numbers": self.snapshot.manifest["counts"]["numbers"],
            "edges": self.snapshot.manifest["counts"]["edges"],
            "scored": counts["scored"],
            "alerts": counts["alerts"],
            "alerts_counted": counts["alerts_counted"],
            "campaigns": counts["campaigns"],
            "store": self.store,
            "model": self.results.manifest["model"],
            "what_if": self.what_if,
            "degraded": self.degraded,
            "seconds": {stage: round(seconds, 3) for stage, seconds in self.seconds.items()},
            "peak_rss_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
        }


class InputRejectedError(RuntimeError):
    """No file could be taken in; `report` says why for each."""

    def __init__(self, report: IngestReport) -> None:
        super().__init__("every file was rejected, nothing was taken in")
        self.report = report


def run(home: Home, settings: Settings, request: RunRequest, progress: Progress) -> RunReport:
    """Do the whole main job; raises InputRejectedError, EmptyWindowError, HomeBusyError, ConfigError."""
    with home.writing("run"):
        recover(home)
        seconds: dict[str, float] = {}
        ingested = None
        if request.paths:
            with _timed(seconds, "ingest"):
                ingested = ingest(request.paths, request.operator, home, settings, progress)
            if ingested.nothing_taken_in:
                raise InputRejectedError(ingested)
        report = analyse(home, settings, request, progress, seconds)
        report.ingested = ingested
        return report


def take_in(home: Home, settings: Settings, paths: Sequence[Path], operator: str, progress: Progress) -> IngestReport:
    """Only take files into the lake; raises HomeBusyError, ConfigError."""
    with home.writing("ingest"):
        recover(home)
        return ingest(paths, operator, home, settings, progress)


def analyse(
    home: Home, settings: Settings, request: RunRequest, progress: Progress, seconds: dict[str, float]
) -> RunReport:
    """Score the lake as it is and put the result in front; the caller holds the home's write lock.

    An `as_of` before the newest cut is a what-if: it is computed and reported, and nothing of it stays.
    """
    with _timed(seconds, "graph"):
        snapshot = _snapshot(home, settings, request, progress)
    point("run:snapshot:after")
    as_of = snapshot.window.end
    newest_cut = max((row.as_of for row in _committed(home)), default=None)
    what_if = newest_cut is not None and as_of < newest_cut
    with _timed(seconds, "detectors"):
        results = score(home, snapshot, SCOPE, as_of, settings, progress, advance=not what_if)
    report = RunReport(snapshot, results, snapshot.window, request.store, what_if, None, None, seconds)
    if what_if:
        retention.sweep(home, _committed(home))  # the report holds its tables open; nothing of them stays
        return report
    _put_in_front(home, report)
    if request.store == "neo4j":
        with _timed(seconds, "publish"):
            report.published = publish_run(home, _committed(home), settings, progress)
    return report


def snapshot_of(home: Home, settings: Settings, request: RunRequest, progress: Progress) -> Snapshot:
    """Give the snapshot of the asked window, built when it is not there yet."""
    with home.writing("features"):
        recover(home)
        return _snapshot(home, settings, request, progress)


def recover(home: Home) -> None:
    """Finish or sweep what a killed process left: uncommitted rows and folders go, the event log catches up."""
    committed = _committed(home)
    purge_uncommitted(home, [row.run_id for row in committed])
    retention.sweep(home, committed)
    events.catch_up(home, SCOPE)


def current(home: Home) -> RunRow | None:
    """The run whose results are in front, or None before the first."""
    return current_run(open_database(home, "ledger"), SCOPE)


def _snapshot(home: Home, settings: Settings, request: RunRequest, progress: Progress) -> Snapshot:
    lake = Lake(home)
    as_of = request.as_of if request.as_of is not None else default_as_of(lake)
    window = Window.before(as_of, request.span or settings.window)
    return build_snapshot(home, lake, window, lake.operators(), settings, progress)


def _committed(home: Home) -> list[RunRow]:
    return committed_runs(open_database(home, "ledger"), SCOPE)


def _put_in_front(home: Home, report: RunReport) -> None:
    manifest = report.snapshot.manifest
    row = RunRow(
        run_id=report.results.run,
        scope=SCOPE,
        as_of=report.window.end,
        window_start=report.window.start,
        window_end=report.window.end,
        data_digest=str(manifest["data_digest"]),
        snapshot_id=report.snapshot.id,
        created_at=time.time_ns() // 1000,
        what="run",
    )
    point("run:switch:before")
    with open_database(home, "ledger").begin() as connection:
        switch_run(connection, row)
    point("run:switch:after")
    events.catch_up(home, SCOPE)
    point("run:events:after")


@contextmanager
def _timed(seconds: dict[str, float], stage: str) -> Iterator[None]:
    began = time.monotonic()
    yield
    seconds[stage] = time.monotonic() - began
