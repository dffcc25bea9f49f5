"""The numbered event log: what became known, in order, from which streams are read and resumed.

It is filled from committed runs only, after the pointer has moved, and from batches of which too many rows were dead. A
run is in it when its own event is, so a process that died in between is made good by whoever comes next.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, RowMapping, Table, delete, func, insert, select, update

from api.event_tables import events
from detectors.results_tables import alerts, campaign_events
from ingest.dead.share import mostly_dead
from ingest.erased.traces import holds
from ingest.erasing.dead import INSTEAD
from ingest.faults import point
from ingest.home import Home
from ingest.ledger.database import open_database
from ingest.ledger.ledger import BatchRow, RunRow, committed_runs

ALERT, CAMPAIGN, RUN, INGEST = "alert", "campaign", "run", "ingest"
_NUMBER = events.c.payload["number"].as_string()  # of an alert
_LISTS = ("added", "removed")  # of a campaign's event, numbers


@dataclass(frozen=True)
class Event:
    """One entry; `payload` is the row of what it is about, `at` in µs; `run_id` is empty where no run is meant."""

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

    def after(self, seq: int, limit: int, *kinds: str) -> Page:
        """Give at most `limit` entries of `kinds` numbered above `seq`, oldest first."""
        found = select(events).where(events.c.seq > seq, events.c.kind.in_(kinds)).order_by(events.c.seq).limit(limit)
        with self._engine.connect() as connection:
            rows = connection.execute(found).mappings().all()
            return Page([_event(row) for row in rows], *_ends(connection))


def catch_up(home: Home, scope: str) -> int:
    """Put in what the log does not have yet of committed runs and of batches that bear a warning; gives how many.

    May be repeated and may run in two processes at once: the log is read and written in one transaction.
    """
    ledger, work = open_database(home, "ledger"), open_database(home, "work")
    committed, warned = committed_runs(ledger, scope), mostly_dead(ledger)
    with open_database(home, "events").begin() as log:
        known = set(log.scalars(select(events.c.run_id).where(events.c.kind == RUN, events.c.scope == scope)))
        missing = sorted((run for run in committed if run.run_id not in known), key=lambda run: run.created_at)
        told = set(log.scalars(select(events.c.subject).where(events.c.kind == INGEST)))
        entries = [_of_batch(batch, scope) for batch in warned if batch.id not in told]
        with work.connect() as source:
            entries += [entry for run in missing for entry in _of_run(source, run)]
        if entries:
            log.execute(insert(events), entries)
    return len(entries)


def forget(home: Home, numbers: Collection[str]) -> None:
    """Erase numbers from the log: alerts about them go, what else names them stays without them."""
    with open_database(home, "events").begin() as log:
        for number in numbers:
            log.execute(delete(events).where(events.c.kind == ALERT, number == _NUMBER))
        others = select(events.c.seq, events.c.payload).where(events.c.kind.in_((CAMPAIGN, INGEST)))
        for seq, payload in log.execute(others).all():
            left = _without(payload, numbers)
            if left != payload:
                log.execute(update(events).where(events.c.seq == seq).values(payload=left))
        point("erase:events:before")
    point("erase:events:after")


def numbers_in_log(home: Home) -> Iterator[str]:
    """Give every number that alerts and campaigns in the log name; one may come more than once."""
    with open_database(home, "events").connect() as log:
        yield from log.execute(select(_NUMBER).where(events.c.kind == ALERT)).scalars()
        for payload in log.execute(select(events.c.payload).where(events.c.kind == CAMPAIGN)).scalars():
            yield from (number for name in _LISTS for number in payload[name])


def _without(payload: Mapping[str, Any], numbers: Collection[str]) -> dict[str, Any]:
    lists = {name: [n for n in payload[name] if n not in numbers] for name in _LISTS if name in payload}
    shows = "file" in payload and holds(payload["file"], numbers)
    return {**payload, **lists, **({"file": INSTEAD} if shows else {})}


def _of_run(work: Connection, run: RunRow) -> Iterator[dict[str, Any]]:
    shared = {"scope": run.scope, "run_id": run.run_id, "at": time.time_ns() // 1000}
    for kind, table in ((ALERT, alerts), (CAMPAIGN, campaign_events)):
        for row in _rows_of_run(work, table, run):
            yield {"kind": kind, "subject": row["id"], "payload": dict(row), **shared}
    yield {"kind": RUN, "subject": run.run_id, "payload": {"as_of": run.as_of}, **shared}


def _of_batch(batch: BatchRow, scope: str) -> dict[str, Any]:
    told = {"file": batch.name, "operator": batch.operator, "rows": batch.rows, "dead_lettered": batch.dead_lettered}
    at = time.time_ns() // 1000
    payload = {**told, "taken_at": batch.taken_at}
    return {"kind": INGEST, "subject": batch.id, "payload": payload, "scope": scope, "run_id": "", "at": at}


def _rows_of_run(work: Connection, table: Table, run: RunRow) -> Sequence[RowMapping]:
    found = select(table).where(table.c.run_id == run.run_id, table.c.scope == run.scope).order_by(table.c.id)
    return work.execute(found).mappings().all()


def _ends(connection: Connection) -> tuple[int, int]:
    oldest, newest = connection.execute(select(func.min(events.c.seq), func.max(events.c.seq))).one()
    return oldest or 0, newest or 0


def _event(row: RowMapping) -> Event:
    return Event(row["seq"], row["kind"], row["subject"], row["run_id"], row["at"], row["payload"])
