"""Alerts: the numbers that people are asked to look at, newest cut first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, desc, func, select

from api.ids import ALERT_PREFIX, Ids
from api.reads.answers import AlertRecord
from api.reads.work import Work
from detectors.results_tables import alerts


def list_alerts(work: Work, ids: Ids, severity: str | None, status: str | None, limit: int) -> list[AlertRecord]:
    """Give the newest `limit` alerts, the riskiest of a cut first."""
    found = select(alerts).where(*_counting(work))
    if severity is not None:
        found = found.where(alerts.c.severity == severity)
    if status is not None:
        found = found.where(alerts.c.status == status)
    ordered = found.order_by(desc(alerts.c.as_of), desc(alerts.c.risk), desc(alerts.c.exposure), alerts.c.id)
    with work.engine.connect() as connection:
        return [alert_record(ids, row) for row in connection.execute(ordered.limit(limit)).mappings()]


def find_alert(work: Work, ids: Ids, alert_id: str) -> AlertRecord | None:
    """Give the alert behind an opaque id, or None."""
    if not alert_id.startswith(ALERT_PREFIX):
        return None
    with work.engine.connect() as connection:
        known = connection.scalars(select(alerts.c.id).where(*_counting(work)))
        wanted = next((row for row in known if ids.of_alert(row) == alert_id), None)
        row = connection.execute(select(alerts).where(alerts.c.id == wanted)).mappings().one_or_none()
    return alert_record(ids, row) if row else None


def count_alerts(work: Work) -> int:
    """Count the alerts that nobody has closed."""
    open_ones = select(func.count()).select_from(alerts).where(*_counting(work), alerts.c.status == "OPEN")
    with work.engine.connect() as connection:
        return connection.execute(open_ones).scalar_one()


def alert_record(ids: Ids, row: Mapping[str, Any] | RowMapping) -> AlertRecord:
    """Give an alert from its row, or from the same as it stands in the event log."""
    fields: dict[str, Any] = {name: row[name] for name in AlertRecord.__dataclass_fields__ if name != "id"}
    return AlertRecord(id=ids.of_alert(row["id"]), **fields)


def _counting(work: Work) -> tuple[ColumnElement[bool], ...]:
    shown = (alerts.c.number.not_in(work.hidden),) if work.hidden else ()
    return alerts.c.scope == work.scope, alerts.c.run_id.in_(work.committed), *shown
