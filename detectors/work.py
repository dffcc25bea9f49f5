"""Reading and writing the work database: the campaign registry, its events, and alerts.

Rows carry the run that wrote them. A run that never committed is swept away before the next one looks.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Table, delete, insert, select

from detectors.results_tables import alerts, campaign_events, campaign_profiles, campaigns
from graph.windows import DAY
from ingest.home import Home
from ingest.ledger.database import open_database

OPEN = "OPEN"
WRITTEN_BY_RUNS = (campaigns, campaign_events, campaign_profiles, alerts)
Row = Mapping[str, Any]
Finding = tuple[str, str, str | None]


@dataclass(frozen=True)
class Registered:
    """A campaign of the registry."""

    id: str
    name: str
    seq: int  # order of birth within the scope


@dataclass(frozen=True)
class Raised:
    """The alerts that earlier runs raised; a finding is (operator, number, fraud type)."""

    here: frozenset[Finding]  # at the cut in question
    elsewhere: frozenset[Finding]  # open from other cuts
    that_day: int  # alerts of all cuts on the UTC day of the cut in question


@dataclass(frozen=True)
class WorkRows:
    """What one run adds to the work database."""

    campaigns: Sequence[Row]
    events: Sequence[Row]
    alerts: Sequence[Row]
    profiles: Sequence[Row] = ()
    needed_profiles: Mapping[str, int] = field(default_factory=dict)  # campaign → oldest version that must stay


def purge_uncommitted(home: Home, committed: Collection[str]) -> None:
    """Delete the rows of runs that are not `committed`; the caller holds the home's write lock."""
    with open_database(home, "work").begin() as connection:
        for table in WRITTEN_BY_RUNS:
            runs = set(connection.execute(select(table.c.run_id).distinct()).scalars())
            for run in sorted(runs - set(committed)):
                connection.execute(delete(table).where(table.c.run_id == run))


def registered_campaigns(home: Home, scope: str) -> list[Registered]:
    """Give the registry of `scope` in order of birth."""
    columns = (campaigns.c.id, campaigns.c.name, campaigns.c.seq)
    with open_database(home, "work").connect() as connection:
        rows = connection.execute(select(*columns).where(campaigns.c.scope == scope).order_by(campaigns.c.seq))
        return [Registered(row.id, row.name, row.seq) for row in rows]


def raised_alerts(home: Home, scope: str, as_of: int) -> Raised:
    """Give what was raised of `scope`, as seen from the cut `as_of` (µs)."""
    columns = (alerts.c.operator, alerts.c.number, alerts.c.fraud_type, alerts.c.status, alerts.c.as_of)
    with open_database(home, "work").connect() as connection:
        rows = connection.execute(select(*columns).where(alerts.c.scope == scope)).all()
    return Raised(
        here=frozenset((row.operator, row.number, row.fraud_type) for row in rows if row.as_of == as_of),
        elsewhere=frozenset(
            (row.operator, row.number, row.fraud_type) for row in rows if row.as_of != as_of and row.status == OPEN
        ),
        that_day=sum(row.as_of // DAY == as_of // DAY for row in rows),
    )


def add_rows(home: Home, rows: WorkRows) -> None:
    """Write what a run adds, in one transaction."""
    each = (rows.campaigns, rows.events, rows.profiles, rows.alerts)
    with open_database(home, "work").begin() as connection:
        for table, added in zip(WRITTEN_BY_RUNS, each, strict=True):
            if added:
                connection.execute(insert(table), [dict(row) for row in added])
        _drop_old_profiles(connection, rows.profiles, rows.needed_profiles)


def _drop_old_profiles(connection: Connection, added: Sequence[Row], needed: Mapping[str, int]) -> None:
    """Keep of each campaign the version just added, the one before in case this run is never committed, and `needed`.

    What is needed is what the newest of the earlier cuts saw: the same cut processed again asks for it.
    """
    for row in added:
        kept = campaign_profiles.c
        oldest = min(row["version"] - 1, needed.get(row["campaign"], row["version"]))
        connection.execute(delete(campaign_profiles).where(kept.campaign == row["campaign"], kept.version < oldest))


def logical_rows(home: Home, table: Table, left_out: Collection[str]) -> list[tuple[Any, ...]]:
    """Give all rows of `table` without the columns in `left_out`, in an order of their own."""
    kept = [column for column in table.c if column.name not in left_out]
    with open_database(home, "work").connect() as connection:
        return sorted((tuple(row) for row in connection.execute(select(*kept))), key=repr)
