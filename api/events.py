"""The numbered event log: what became known, in order, from which streams are read and resumed.

It is filled from committed runs only, after the pointer has moved. A run is in it when its own event is, so a process
that died in between is made good by whoever comes next.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, RowMapping, Table, func, insert, select

from api.event_tables import events
from detectors.results_tables import alerts, campaign_events
from ingest.database import open_database
from ingest.home import Home
from ingest.ledger import RunRow, committed_runs

ALERT, CAMPAIGN, RUN = "alert", "campaign", "run"


@dataclass(frozen=True)
class Event:
    """One entry; `payload` is the row of what it is about, `at` in µs."""

    seq: int
    kind: str
    subject: str
    run_id: str
    at: int
    payload: Mapping[str, Any]


@dataclass(frozen=True)
class Page:
    """Entries after a place in the log, and where the log begins and ends (0, 0: it is empty)."""

    events: Sequence[Event]
    oldest: int
    newest: int


class EventLog:
    """Reads the log of one home."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def newest(self) -> int:
        """Give the number of the newest entry, 0 for an empty log."""
        with self._engine.connect() as connection:
            return _ends(connection)[1]

    def after(self, seq: int, limit: int, kind: str) -> Page:
        """Give at most `limit` entries of `kind` numbered above `seq`, oldest first."""
        found = select(events).where(events.c.seq > seq, events.c.kind == kind).order_by(events.c.seq).limit(limit)
        with self._engine.connect() as connection:
            rows = connection.execute(found).mappings().all()
            return Page([_event(row) for row in rows], *_ends(connection))


def catch_up(home: Home, scope: str) -> int:
    """Put in what committed runs brought and the log does not have yet; gives the number of entries added.

    May be repeated and may run in two processes at once: the log is read and written in one transaction.
    """
    committed = committed_runs(open_database(home, "ledger"), scope)
    work = open_database(home, "work")
    with open_database(home, "events").begin() as log:
        known = set(log.scalars(select(events.c.run_id).where(events.c.kind == RUN, events.c.scope == scope)))
        missing = sorted((run for run in committed if run.run_id not in known), key=lambda run: run.created_at)
        with work.connect() as source:
            entries = [entry for run in missing for entry in _of_run(source, run)]
        if entries:
            log.execute(insert(events), entries)
    return len(entries)


def _of_run(work: Connection, run: RunRow) -> Iterator[dict[str, Any]]:
    shared = {"scope": run.scope, "run_id": run.run_id, "at": time.time_ns() // 1000}
    for kind, table in ((ALERT, alerts), (CAMPAIGN, campaign_events)):
        for row in _rows_of_run(work, table, run):
            yield {"kind": kind, "subject": row["id"], "payload": dict(row), **shared}
    yield {"kind": RUN, "subject": run.run_id, "payload": {"as_of": run.as_of}, **shared}


def _rows_of_run(work: Connection, table: Table, run: RunRow) -> Sequence[RowMapping]:
    found = select(table).where(table.c.run_id == run.run_id, table.c.scope == run.scope).order_by(table.c.id)
    return work.execute(found).mappings().all()


def _ends(connection: Connection) -> tuple[int, int]:
    oldest, newest = connection.execute(select(func.min(events.c.seq), func.max(events.c.seq))).one()
    return oldest or 0, newest or 0


def _event(row: RowMapping) -> Event:
    return Event(row["seq"], row["kind"], row["subject"], row["run_id"], row["at"], row["payload"])
