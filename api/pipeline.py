"""The main job, read first: ingest → graph → gnn (where asked for) → detectors → switch → events → publish.

Every stage takes tables and settings and writes only its own. The result counts from the one ledger transaction that
moves the pointer; whatever a killed run left behind is swept by the next one.
"""

from __future__ import annotations

import resource
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from api import erasing, events, retention
from api.publishing import PublishOutcome, publish_run
from api.scope import SCOPE
from api.wiring import store_from_environment
from configs import Settings
from detectors import embeddings
from detectors.results import Results
from detectors.run import score
from detectors.work import purge_uncommitted
from gnn.extra import GnnError
from graph.as_of import default_as_of
from graph.engines import EngineName
from graph.run import build_snapshot
from graph.snapshot import Snapshot
from graph.windows import Window, iso, span_of
from ingest.dead.listing import Wanted
from ingest.faults import point
from ingest.home import Home
from ingest.lake.lake import Lake
from ingest.lake.pair_day import refresh
from ingest.ledger.database import open_database
from ingest.ledger.ledger import REJECTED, RunRow, committed_runs, current_run, switch_run
from ingest.live.sealing import seal_left
from ingest.progress import Progress
from ingest.replay import Replayed, replay
from ingest.run import IngestReport, ingest

WAIT_S = 3.0  # for whoever only looks after jobs; a run that is under way is named instead


@dataclass(frozen=True)
class RunRequest:
    """What the main job is asked to do; None means the setting or the data decide."""

    paths: Sequence[Path] = ()
    operator: str = "generic"
    file_format: str | None = None  # of files whose name does not say it
    span: str | None = None
    as_of: int | None = None
    store: str = "embedded"
    engine: EngineName = "duckdb"


@dataclass
class RunReport:
    """What the main job did."""

    snapshot: Snapshot
    results: Results
    window: Window
    store: str
    what_if: bool
    embeddings: str  # what was made, or why none are
    ingested: IngestReport | None
    published: PublishOutcome | None
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def degraded(self) -> str | None:
        """Why the result is less than asked for, or None."""
        rejected = [file.file for file in self.ingested.files if file.status == REJECTED] if self.ingested else []
        reasons = [f"rejected: {', '.join(rejected)}"] if rejected else []
        if self.published and self.published.failure:
            reasons.append(self.published.failure)
        return "; ".join(reasons) or None

    def as_json(self) -> dict[str, Any]:
        """The shape other programs read (CONTRACT: run)."""
        counts = self.results.manifest["counts"]
        return {
            "run": self.results.run,
            "as_of": iso(self.window.end),
            "window": {"from": iso(self.window.start), "to": iso(self.window.end)},
            "calls": self.snapshot.manifest["window_records"],
            "numbers": self.snapshot.manifest["counts"]["numbers"],
            "edges": self.snapshot.manifest["counts"]["edges"],
            "scored": counts["scored"],
            "alerts": counts["alerts"],
            "alerts_counted": counts["alerts_counted"],
            "campaigns": counts["campaigns"],
            "store": self.store,
            "model": self.results.manifest["model"],
            "embeddings": self.embeddings,
            "what_if": self.what_if,
            "degraded": self.degraded,
            "warnings": list(self.snapshot.manifest["warnings"]),
            "ingest": self.ingested.as_json() if self.ingested else None,
            "seconds": {stage: round(seconds, 3) for stage, seconds in self.seconds.items()},
            "peak_rss_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
        }


class InputRejectedError(RuntimeError):
    """No file could be taken in; `report` says why for each."""

    def __init__(self, report: IngestReport) -> None:
        super().__init__("every file was rejected, nothing was taken in")
        self.report = report


class WhatIfWithFilesError(RuntimeError):
    """A what-if writes nothing, so it takes no files; the message says what to do."""


def run(home: Home, settings: Settings, request: RunRequest, progress: Progress) -> RunReport:
    """Do the whole main job.

    Raises InputRejectedError, WhatIfWithFilesError, EmptyWindowError, HomeBusyError, ConfigError.
    """
    with home.writing("run", WAIT_S):
        recover(home)
        finish_erasures(home, settings, progress, request.store)
        if request.paths and _is_what_if(home, request.as_of):
            raise WhatIfWithFilesError(
                "an as-of before the newest cut is a what-if, which writes nothing; take the files in first by "
                "`ringfence ingest`, then ask the what-if without them"
            )
        seconds: dict[str, float] = {}
        ingested = None
        if request.paths:
            with _timed(seconds, "ingest"):
                ingested = ingest(request.paths, request.operator, home, settings, progress, request.file_format)
            if ingested.nothing_taken_in:
                raise InputRejectedError(ingested)
        else:
            seal_left(home, settings, progress)
            refresh(Lake(home), None, None, settings.features.night_local_h, progress)  # mostly nothing is left to do
        report = analyse(home, settings, request, progress, seconds)
        report.ingested = ingested
        return report


def take_in(
    home: Home,
    settings: Settings,
    paths: Sequence[Path],
    operator: str,
    progress: Progress,
    file_format: str | None = None,
) -> IngestReport:
    """Only take files into the lake; raises HomeBusyError, ConfigError, DiskFullError."""
    with home.writing("ingest", WAIT_S):
        recover(home)
        finish_erasures(home, settings, progress)
        report = ingest(paths, operator, home, settings, progress, file_format)
        events.catch_up(home, SCOPE)
        return report


def replay_dead(
    home: Home, settings: Settings, wanted: Wanted, progress: Progress, dry_run: bool = False
) -> list[Replayed]:
    """Read dead letters again and take in what is a call now; raises HomeBusyError, ConfigError, DiskFullError."""
    with home.writing("deadletters replay", WAIT_S):
        recover(home)
        finish_erasures(home, settings, progress)
        return replay(home, settings, wanted, progress, dry_run)


def analyse(
    home: Home,
    settings: Settings,
    request: RunRequest,
    progress: Progress,
    seconds: dict[str, float],
    before_switch: Callable[[str], None] | None = None,
) -> RunReport:
    """Score the lake as it is and put the result in front; the caller holds the home's write lock.

    An `as_of` before the newest cut is a what-if: it is computed and reported, and nothing of it stays.
    `before_switch` is told the run's id when only the switch is left to do.
    """
    with _timed(seconds, "graph"):
        snapshot = _snapshot(home, settings, request, progress)
    point("run:snapshot:after")
    as_of = snapshot.window.end
    what_if = _is_what_if(home, as_of)
    embedded = embeddings.WHAT_IF if what_if else embeddings.NOT_USED.get(settings.gnn.enabled)
    if embedded is None:
        with _timed(seconds, "gnn"):
            embedded = _embedded(home, settings, snapshot, progress)
    with _timed(seconds, "detectors"):
        results = score(home, snapshot, SCOPE, as_of, settings, progress, advance=not what_if)
    report = RunReport(snapshot, results, snapshot.window, request.store, what_if, embedded, None, None, seconds)
    if what_if:
        retention.sweep(home, _committed(home))  # the report holds its tables open; nothing of them stays
        return report
    if before_switch:
        before_switch(results.run)
    _put_in_front(home, report)
    if request.store == "neo4j":
        with _timed(seconds, "publish"):
            report.published = publish_run(home, settings, progress)
    return report


def _embedded(home: Home, settings: Settings, snapshot: Snapshot, progress: Progress) -> str:
    """Say what embeddings were made, or why none: no score reads them, so a run does not fail for them."""
    try:
        return embeddings.make(home, snapshot, settings.gnn, progress).said
    except GnnError as error:
        progress.note(f"no embeddings: {error}")
        return f"none: {error}"


def snapshot_of(home: Home, settings: Settings, request: RunRequest, progress: Progress) -> Snapshot:
    """Give the snapshot of the asked window, built when it is not there yet."""
    with home.writing("features", WAIT_S):
        recover(home)
        finish_erasures(home, settings, progress)
        return _snapshot(home, settings, request, progress)


def embed(
    home: Home,
    settings: Settings,
    request: RunRequest,
    progress: Progress,
    model: str | None = None,
    *,
    anew: bool = False,
) -> tuple[Snapshot, embeddings.Made]:
    """Give the snapshot of the asked window with embeddings by `model`, else as `detectors.embeddings.make` chooses."""
    with home.writing("embed", WAIT_S):
        recover(home)
        finish_erasures(home, settings, progress)
        snapshot = _snapshot(home, settings, request, progress)
        return snapshot, embeddings.make(home, snapshot, settings.gnn, progress, model, anew=anew)


def finish_erasures(home: Home, settings: Settings, progress: Progress, store: str | None = None) -> erasing.Finished:
    """Finish what is left of erasures that were begun; the caller holds the home's write lock."""
    chosen = store or store_from_environment()

    def score_again(front: RunRow) -> str | None:
        span = span_of(front.window_end - front.window_start)
        return analyse(home, settings, RunRequest(span=span, as_of=front.as_of, store=chosen), progress, {}).degraded

    return erasing.finish(home, settings, chosen, progress, score_again)


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
    as_of = request.as_of if request.as_of is not None else _next_cut(home, lake)
    window = Window.before(as_of, request.span or settings.window)
    return build_snapshot(home, lake, window, lake.operators(), settings, progress, request.engine)


def _next_cut(home: Home, lake: Lake) -> int:
    """Give the instant just after the newest call, or the newest cut where that lies later: cuts never go back."""
    return max(default_as_of(lake), _newest_cut(home) or 0)


def _is_what_if(home: Home, as_of: int | None) -> bool:
    newest_cut = _newest_cut(home)
    return as_of is not None and newest_cut is not None and as_of < newest_cut


def _newest_cut(home: Home) -> int | None:
    return max((row.as_of for row in _committed(home)), default=None)


def _committed(home: Home) -> list[RunRow]:
    return committed_runs(open_database(home, "ledger"), SCOPE)


def _put_in_front(home: Home, report: RunReport) -> RunRow:
    manifest = report.snapshot.manifest
    earlier = max((row.created_at for row in _committed(home)), default=0)
    row = RunRow(
        run_id=report.results.run,
        scope=SCOPE,
        as_of=report.window.end,
        window_start=report.window.start,
        window_end=report.window.end,
        data_digest=str(manifest["data_digest"]),
        snapshot_id=report.snapshot.id,
        created_at=max(time.time_ns() // 1000, earlier + 1),  # the order of commit, also when the clock steps back
        what="run",
    )
    point("run:switch:before")
    with open_database(home, "ledger").begin() as connection:
        switch_run(connection, row)
    point("run:switch:after")
    events.catch_up(home, SCOPE)
    point("run:events:after")
    return row


@contextmanager
def _timed(seconds: dict[str, float], stage: str) -> Iterator[None]:
    began = time.monotonic()
    yield
    seconds[stage] = time.monotonic() - began
