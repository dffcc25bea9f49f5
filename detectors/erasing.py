"""What runs wrote of erased numbers goes: alerts, and the numbers' places in campaigns and their events.

Results and snapshots are immutable: the caller scores anew and removes those that show such a number.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Connection, delete, select, update

from detectors.results_tables import alerts, campaign_events, campaign_profiles, jobs
from graph.snapshot import Snapshot, number_of_key
from ingest.erased.traces import holds
from ingest.erasing.dead import INSTEAD
from ingest.faults import point
from ingest.home import Home
from ingest.ledger.database import open_database

_FAILED = select(jobs.c.id, jobs.c.error).where(jobs.c.error.is_not(None))
_LISTS = ("added", "removed")  # of events, numbers
_KEYS = ("members", "victims")  # of profiles, node keys as text


@dataclass
class TouchedWork:
    """What was erased, by number."""

    alerts: Counter[str] = field(default_factory=Counter)
    campaigns: dict[str, set[str]] = field(default_factory=dict)

    def touch(self, numbers: Iterable[str], campaign: str) -> None:
        """Note that numbers were in a campaign."""
        for number in numbers:
            self.campaigns.setdefault(number, set()).add(campaign)


def erase_work(home: Home, numbers: Collection[str]) -> TouchedWork:
    """Erase numbers from the work database in one transaction; the caller holds the home's write lock."""
    touched = TouchedWork()
    with open_database(home, "work").begin() as connection:
        _erase_alerts(connection, numbers, touched)
        _erase_from_events(connection, numbers, touched)
        _erase_from_profiles(connection, numbers, touched)
        _erase_from_jobs(connection, numbers)
        point("erase:work:before")
    point("erase:work:after")
    return touched


def numbers_in_work(home: Home) -> Iterator[str]:
    """Give every number that the work database names; one may come more than once."""
    with open_database(home, "work").connect() as connection:
        yield from connection.execute(select(alerts.c.number)).scalars()
        for lists in connection.execute(select(*(campaign_events.c[name] for name in _LISTS))):
            yield from (number for numbers in lists for number in numbers)
        for profile in connection.execute(select(*(campaign_profiles.c[name] for name in _KEYS))):
            yield from (number_of_key(key) for keys in profile for key in keys)


def numbers_in_snapshots(home: Home) -> Iterator[str]:
    """Give every number of the snapshots on disk."""
    for snapshot in _snapshots(home):
        yield from snapshot.numbers["number"].to_pylist()


def snapshots_with(home: Home, numbers: Collection[str]) -> set[str]:
    """Give the ids of the snapshots on disk that show one of some numbers."""
    wanted = pa.array(sorted(numbers), pa.string())
    return {s.id for s in _snapshots(home) if pc.any(pc.is_in(s.numbers["number"], value_set=wanted)).as_py()}


def _snapshots(home: Home) -> Iterator[Snapshot]:
    for folder in sorted(home.snapshots.iterdir()):
        if (folder / "manifest.json").is_file():
            yield Snapshot(folder)


def _erase_alerts(connection: Connection, numbers: Collection[str], touched: TouchedWork) -> None:
    for number in numbers:
        rows = connection.execute(delete(alerts).where(alerts.c.number == number)).rowcount
        touched.alerts += Counter({number: rows})


def _erase_from_events(connection: Connection, numbers: Collection[str], touched: TouchedWork) -> None:
    for row in connection.execute(select(campaign_events)).mappings().all():
        found = {number for name in _LISTS for number in row[name] if number in numbers}
        if found:
            left = {name: [number for number in row[name] if number not in found] for name in _LISTS}
            connection.execute(update(campaign_events).where(campaign_events.c.id == row["id"]).values(left))
            touched.touch(found, row["campaign"])


def _erase_from_profiles(connection: Connection, numbers: Collection[str], touched: TouchedWork) -> None:
    kept = campaign_profiles.c
    for row in connection.execute(select(campaign_profiles)).mappings().all():
        found = {number for name in _KEYS for key in row[name] if (number := number_of_key(key)) in numbers}
        if found:
            same = (kept.campaign == row["campaign"]) & (kept.version == row["version"])
            left = {name: [key for key in row[name] if number_of_key(key) not in found] for name in _KEYS}
            connection.execute(update(campaign_profiles).where(same).values(left))
            touched.touch(found, row["campaign"])


def _erase_from_jobs(connection: Connection, numbers: Collection[str]) -> None:
    for job, error in connection.execute(_FAILED).all():
        if holds(error, numbers):
            connection.execute(update(jobs).where(jobs.c.id == job).values(error=INSTEAD))
