"""What a home still knows of earlier cuts: when they were, what was written and raised, and who was in which ring."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from detectors.results import Results
from detectors.results_tables import alerts, campaign_events
from graph.snapshot import Snapshot
from ingest.home import Home
from ingest.ledger.database import open_database
from ingest.ledger.ledger import committed_runs


@dataclass(frozen=True)
class Written:
    """An event that the product wrote."""

    kind: str
    at: int  # µs, the cut
    campaign: str
    numbers: frozenset[str]  # that came or went


@dataclass(frozen=True)
class History:
    """The cuts of a scope in order of time; of the newest runs also who was in which campaign."""

    cuts: Sequence[int]  # µs
    events: Sequence[Written]
    members: Mapping[int, Mapping[str, str]]  # cut → number → campaign
    alerts: Sequence[int] = ()  # the cut of each alert that was raised, µs


def read_history(home: Home, scope: str) -> History:
    """Read the history of `scope`; of several runs at one cut the newest counts."""
    runs = {run.as_of: run for run in committed_runs(open_database(home, "ledger"), scope)}
    kept = {at: run for at, run in sorted(runs.items()) if (home.results / run.run_id).is_dir()}
    members = {at: _members(home, run.run_id, run.snapshot_id) for at, run in kept.items()}
    return History(sorted(runs), _events(home, scope), members, _alerts(home, scope))


def _members(home: Home, run_id: str, snapshot_id: str) -> Mapping[str, str]:
    members = Results(home.results / run_id).members
    numbers = Snapshot(home.snapshots / snapshot_id).numbers["number"].take(members["node"])
    return dict(zip(numbers.to_pylist(), members["campaign"].to_pylist(), strict=True))


def _events(home: Home, scope: str) -> list[Written]:
    kept = campaign_events.c
    columns = (kept.kind, kept.valid_at, kept.campaign, kept.added, kept.removed)
    with open_database(home, "work").connect() as connection:
        rows = connection.execute(select(*columns).where(kept.scope == scope).order_by(kept.valid_at, kept.id))
        return [Written(row.kind, row.valid_at, row.campaign, frozenset([*row.added, *row.removed])) for row in rows]


def _alerts(home: Home, scope: str) -> list[int]:
    with open_database(home, "work").connect() as connection:
        return list(connection.execute(select(alerts.c.as_of).where(alerts.c.scope == scope)).scalars())
