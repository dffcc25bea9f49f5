"""Reading and writing the work database: the campaign registry, its events, and alerts.

Rows carry the run that wrote them. A run that never committed is swept away before the next one looks.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table, delete, insert, select

from detectors.results_tables import alerts, campaign_events, campaigns
from ingest.database import open_database
from ingest.home import Home

OPEN = "OPEN"
_WRITTEN_BY_RUNS = (campaigns, campaign_events, alerts)
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Registered:
    """A campaign of the registry."""

    id: str
    name: str
    seq: int  # order of birth within the scope


@dataclass(frozen=True)
class WorkRows:
    """What one run adds to the work database."""

    campaigns: Sequence[Row]
    events: Sequence[Row]
    alerts: Sequence[Row]


def purge_uncommitted(home: Home, committed: Collection[str]) -> None:
    """Delete the rows of runs that are not `committed`; the caller holds the home's write lock."""
    with open_database(home, "work").begin() as connection:
        for table in _WRITTEN_BY_RUNS:
            runs = set(connection.execute(select(table.c.run_id).distinct()).scalars())
            for run in sorted(runs - set(committed)):
                connection.execute(delete(table).where(table.c.run_id == run))


def registered_campaigns(home: Home, scope: str) -> list[Registered]:
    """Give the registry of `scope` in order of birth."""
    columns = (campaigns.c.id, campaigns.c.name, campaigns.c.seq)
    with open_database(home, "work").connect() as connection:
        rows = connection.execute(select(*columns).where(campaigns.c.scope == scope).order_by(campaigns.c.seq))
        return [Registered(row.id, row.name, row.seq) for row in rows]


def raised_alerts(home: Home, scope: str, as_of: int) -> tuple[set[str], set[tuple[str, str, str | None]]]:
    """Give the ids of the alerts raised at `as_of`, and (operator, number, type) of those open from others."""
    with open_database(home, "work").connect() as connection:
        rows = connection.execute(select(alerts).where(alerts.c.scope == scope)).all()
    here = {row.id for row in rows if row.as_of == as_of}
    elsewhere = {
        (row.operator, row.number, row.fraud_type) for row in rows if row.as_of != as_of and row.status == OPEN
    }
    return here, elsewhere


def add_rows(home: Home, rows: WorkRows) -> None:
    """Write what a run adds, in one transaction."""
    with open_database(home, "work").begin() as connection:
        for table, added in ((campaigns, rows.campaigns), (campaign_events, rows.events), (alerts, rows.alerts)):
            if added:
                connection.execute(insert(table), [dict(row) for row in added])


def logical_rows(home: Home, table: Table, left_out: Collection[str]) -> list[tuple[Any, ...]]:
    """Give all rows of `table` without the columns in `left_out`, in an order of their own."""
    kept = [column for column in table.c if column.name not in left_out]
    with open_database(home, "work").connect() as connection:
        return sorted((tuple(row) for row in connection.execute(select(*kept))), key=repr)
