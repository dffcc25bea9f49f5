"""The one place where settings become parts: databases, stores, reads, streams."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError

from api import events
from api.events import EventLog
from api.ids import Ids
from api.reads import Reads
from api.reads.outage import Outage
from api.reads.spans import SpanGraphs
from api.reads.steady import SteadyStore
from api.reads.view import View
from api.scope import SCOPE
from configs import Settings
from detectors.results import Results
from graph.snapshot import Snapshot
from graph.store.embedded import EmbeddedStore
from graph.store.port import StoreUnavailableError
from graph.store.shown import Shown
from ingest.home import Home
from ingest.lake.lake import Lake
from ingest.ledger.database import DatabaseError, open_database, pending
from ingest.ledger.ledger import RunRow, current_version
from ingest.values.ported import FILE as PORTED
from ingest.values.ported import read_ported

if TYPE_CHECKING:  # the driver takes longer to load than everything else a look-up needs
    from graph.store.neo4j import Neo4jStore
    from graph.store.neo4j_driver import Neo4j

URI, USER, PASSWORD = "RINGFENCE_NEO4J_URI", "RINGFENCE_NEO4J_USER", "RINGFENCE_NEO4J_PASSWORD"


@dataclass(frozen=True)
class App:
    """Everything that faces share, on one home; `close` it when done."""

    home: Home
    settings: Settings
    reads: Reads
    log: EventLog
    news: News
    neo4j: Neo4jStore | None
    outage: Outage  # of neo4j

    def unready(self) -> str | None:
        """Say what is missing before questions can be answered, None when nothing is."""
        try:
            behind = pending(self.home)
            if behind:
                return f"The databases {', '.join(behind)} are not at this version; run `ringfence migrate`."
            if self.reads.view() is None:
                return "There is no run yet; start one with `ringfence run`."
        except (SQLAlchemyError, DatabaseError, OSError):
            return "The home cannot be read; run `ringfence doctor`."
        return None

    def close(self) -> None:
        """Let go of connections."""
        if self.neo4j:
            self.neo4j.close()
        self.outage.close()


class News:
    """Looks for what is new: brings the event log up to a run that has just been switched to, and gives its end."""

    def __init__(self, home: Home, log: EventLog) -> None:
        self._home = home
        self._ledger = open_database(home, "ledger")
        self._log = log
        self._version = 0

    def newest(self) -> int:
        """Give the number of the newest event."""
        version = current_version(self._ledger, SCOPE)
        if version != self._version:
            events.catch_up(self._home, SCOPE)
            self._version = version
        return self._log.newest()


def open_app(home: Home, settings: Settings, store: str = "embedded") -> App:
    """Give the parts for a home; `store` is embedded or neo4j.

    Raises DatabaseError, ConfigError for a table of ported prefixes that is wrong, and StoreUnavailableError where
    Neo4j is wanted but not named in the environment.
    """
    home.create()
    log, ids = EventLog(open_database(home, "events")), Ids.of(home)
    outage = Outage(settings.neo4j.read_timeout_s)
    ported = read_ported(home.root / PORTED)
    neo4j = _neo4j_store(settings) if store == "neo4j" else None

    def open_run(run: RunRow) -> View:
        snapshot, results = Snapshot(home.snapshots / run.snapshot_id), Results(home.results / run.run_id)
        embedded = EmbeddedStore(shown(snapshot, results))
        steady = SteadyStore(embedded, neo4j.of_run(run.run_id) if neo4j else None, outage, run.created_at)
        return View(
            run=run,
            snapshot=snapshot,
            results=results,
            embedded=embedded,
            store=steady,
            ids=ids,
            ported=ported,
            mappings=home.operators,
        )

    spans = SpanGraphs(Lake(home), settings.features.night_local_h, open_run)
    return App(home, settings, Reads(home, ids, open_run, spans), log, News(home, log), neo4j, outage)


def _neo4j_store(settings: Settings) -> Neo4jStore:
    from graph.store.neo4j import Neo4jStore  # noqa: PLC0415  # slow to load, seldom used

    return Neo4jStore(connect_neo4j(), settings.neo4j)


def shown(snapshot: Snapshot, results: Results) -> Shown:
    """Give what a store shows of a run."""
    return Shown(
        run=results.run,
        as_of=snapshot.window.end,
        snapshot=snapshot,
        scores=results.scores,
        campaigns=results.campaigns,
        members=results.members,
        victims=results.victims,
        links=results.links,
    )


@contextmanager
def neo4j_driver(environment: Mapping[str, str] = os.environ) -> Iterator[Neo4j]:
    """Connect to the Neo4j that the environment names, for as long as the block runs; raises StoreUnavailableError."""
    neo4j = connect_neo4j(environment)
    try:
        yield neo4j
    finally:
        neo4j.close()


def store_from_environment(environment: Mapping[str, str] = os.environ) -> str:
    """Give the store that the environment names: neo4j where it has an address, else embedded."""
    return "neo4j" if environment.get(URI) else "embedded"


def connect_neo4j(environment: Mapping[str, str] = os.environ) -> Neo4j:
    """Give the Neo4j that the environment names; raises StoreUnavailableError where it names none."""
    from graph.store.neo4j_driver import connect  # noqa: PLC0415  # slow to load, seldom used

    uri = environment.get(URI)
    if not uri:
        raise StoreUnavailableError(f"no Neo4j is named: set {URI} (bolt://host:7687) and {PASSWORD}")
    return connect(uri, environment.get(USER, "neo4j"), _password(environment))


def _password(environment: Mapping[str, str]) -> str:
    file = environment.get(f"{PASSWORD}_FILE")
    if not file:
        return environment.get(PASSWORD, "")
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise StoreUnavailableError(f"the password's file cannot be read ({PASSWORD}_FILE={file}): {error}") from None
