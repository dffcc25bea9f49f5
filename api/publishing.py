"""Putting a run into Neo4j, where one is configured; a failure degrades the run, it does not undo it."""

from __future__ import annotations

from dataclasses import dataclass

from api.wiring import neo4j_driver, shown
from configs import Settings
from detectors.results import Results
from graph.snapshot import Snapshot
from graph.store.port import StoreUnavailableError
from graph.store.publish import PublishError, publish
from graph.store.shown import Shown
from ingest.home import Home
from ingest.ledger.ledger import RunRow
from ingest.progress import Progress


@dataclass(frozen=True)
class PublishOutcome:
    """How publishing went; `failure` says what the reader should know and do, None when all is verified."""

    failure: str | None


def publish_run(
    home: Home, front: RunRow, before: RunRow | None, settings: Settings, progress: Progress
) -> PublishOutcome:
    """Publish and verify the run in front; the embedded store answers meanwhile and when this fails.

    Only what differs from the run that was in front `before` is written, where Neo4j still shows that one.
    """
    try:
        with neo4j_driver() as driver:
            publish(driver, _opened(home, front), settings.neo4j, progress, _opened(home, before) if before else None)
    except (StoreUnavailableError, PublishError) as error:
        return PublishOutcome(f"Neo4j does not show this run: {error}")
    return PublishOutcome(None)


def _opened(home: Home, run: RunRow) -> Shown:
    return shown(Snapshot(home.snapshots / run.snapshot_id), Results(home.results / run.run_id))
