"""Putting a run into Neo4j, where one is configured; a failure degrades the run, it does not undo it."""

from __future__ import annotations

from dataclasses import dataclass

from api.scope import SCOPE
from api.wiring import neo4j_driver, shown
from configs import Settings
from detectors.results import Results
from graph.snapshot import Snapshot
from graph.store.port import StoreUnavailableError
from graph.store.publish import PublishReport, publish, shown_run, unpublish
from graph.store.shown import Shown
from graph.store.writing import PublishError
from ingest.home import Home, HomeBusyError
from ingest.ledger.database import open_database
from ingest.ledger.ledger import RunRow, committed_runs, current_run, current_version
from ingest.progress import Progress

WAIT_S = 600.0  # for a server of this home that is catching up


@dataclass(frozen=True)
class PublishOutcome:
    """How publishing went; `failure` says what the reader should know and do, None when all is verified."""

    failure: str | None
    report: PublishReport | None = None


def publish_run(home: Home, settings: Settings, progress: Progress) -> PublishOutcome:
    """Publish and verify the run in front unless Neo4j shows it; the embedded store answers meanwhile and on failure.

    Only what differs from the run that Neo4j shows is written, where that one's tables are still kept. Where the run
    in front was withdrawn all of it is removed.
    """
    try:
        return PublishOutcome(None, publish_front(home, settings, progress, WAIT_S, unless_shown=True))
    except (HomeBusyError, StoreUnavailableError, PublishError) as error:
        if is_withdrawn(home):
            return PublishOutcome(f"Neo4j may still hold what was withdrawn, remove it by `ringfence publish`: {error}")
        return PublishOutcome(f"Neo4j does not show this run: {error}")


def publish_front(
    home: Home, settings: Settings, progress: Progress, wait_s: float, *, unless_shown: bool
) -> PublishReport | None:
    """Do the same and raise what goes wrong: HomeBusyError, StoreUnavailableError, PublishError.

    Which run is in front is read when nobody else publishes any more. Without `unless_shown` one that Neo4j shows is
    verified. None where nothing was published.
    """
    with home.publishing("the run in front", wait_s), neo4j_driver() as driver:
        front = current_run(open_database(home, "ledger"), SCOPE)
        if front is None:
            if is_withdrawn(home):
                unpublish(driver, settings.neo4j)
            return None
        if unless_shown and shown_run(driver) == front.run_id:
            return None
        return publish(driver, opened(home, front), settings.neo4j, progress, lambda run: _kept(home, run))


def is_withdrawn(home: Home) -> bool:
    """Tell whether there was a run in front and is none: an erasure left no call in its window."""
    engine = open_database(home, "ledger")
    return current_version(engine, SCOPE) > 0 and current_run(engine, SCOPE) is None


def opened(home: Home, run: RunRow) -> Shown:
    """Give what a store shows of a run that is kept."""
    return shown(Snapshot(home.snapshots / run.snapshot_id), Results(home.results / run.run_id))


def _kept(home: Home, run_id: str) -> Shown | None:
    rows = (row for row in committed_runs(open_database(home, "ledger"), SCOPE) if row.run_id == run_id)
    row = next(rows, None)
    try:
        return opened(home, row) if row else None
    except FileNotFoundError:  # swept since; what Neo4j shows is then written over, whole
        return None
