"""Alerts, and the items of their stream."""

from __future__ import annotations

from typing import Annotated

import strawberry

from api.graphql.nodes import Node
from api.graphql.scalars import Instant, Severity
from api.live.alerts import Warned
from api.reads import AlertRecord
from ingest.dead.share import mostly_dead_text


@strawberry.type(description="A number that people are asked to look at.")
class Alert(Node):
    """A number that people are asked to look at."""

    severity: Severity = strawberry.field(description="How urgent it is.")
    title: str = strawberry.field(description="What was found, in a few words.")
    description: str = strawberry.field(description="What was found, in sentences with figures and units.")
    number: str = strawberry.field(description="The number it is about, as PhoneNumber.number.")
    campaign: strawberry.ID | None = strawberry.field(
        description="Id of the campaign the number is in; null where none."
    )
    fraud_type: str | None = strawberry.field(description="Fraud module that raised it; null where none did.")
    risk: float = strawberry.field(description="Risk of the number when it was raised, 0 to 100.")
    status: str = strawberry.field(description="OPEN until a person has decided.")
    as_of: Instant = strawberry.field(description="End of the window in which it was found.")
    created_at: Instant = strawberry.field(description="When it was raised.")

    @classmethod
    def of(cls, record: AlertRecord) -> Alert:
        """Give a record of the reads."""
        return cls(
            id=strawberry.ID(record.id),
            severity=Severity[record.severity],
            title=record.title,
            description=record.description,
            number=record.number,
            campaign=strawberry.ID(record.campaign) if record.campaign else None,
            fraud_type=record.fraud_type,
            risk=record.risk,
            status=record.status,
            as_of=Instant(record.as_of),
            created_at=Instant(record.created_at),
        )


@strawberry.type(description="An alert as it became known.")
class AlertEvent:
    """An alert as it became known."""

    seq: int = strawberry.field(
        description="Place in the event log, from 1, rising, with gaps; give it as `after` to resume."
    )
    alert: Alert = strawberry.field(description="The alert as it was raised.")


@strawberry.type(description="A file of which too many rows were no calls: its mapping may not fit it.")
class IngestWarning:
    """A file of which too many rows were no calls."""

    seq: int = strawberry.field(description="Place in the event log, as that of an alert.")
    batch: strawberry.ID = strawberry.field(description="Id of the batch that the file became.")
    file: str = strawberry.field(description="Name of the file.")
    operator: str = strawberry.field(description="Operator whose mapping read it.")
    rows: int = strawberry.field(description="How many rows the file has.")
    dead_lettered: int = strawberry.field(description="Those of them that were no calls, when the file was taken in.")
    message: str = strawberry.field(description="What this means, in a sentence.")
    taken_at: Instant = strawberry.field(description="When the file was taken in.")

    @classmethod
    def of(cls, warned: Warned) -> IngestWarning:
        """Give an item of the stream."""
        return cls(
            seq=warned.seq,
            batch=strawberry.ID(warned.batch),
            file=warned.file,
            operator=warned.operator,
            rows=warned.rows,
            dead_lettered=warned.dead_lettered,
            message=f"{warned.file}: {mostly_dead_text(warned.rows, warned.dead_lettered)}.",
            taken_at=Instant(warned.taken_at),
        )


@strawberry.type(description="Events between `from` and `to` cannot be given any more; the stream goes on after `to`.")
class Discontinuity:
    """Events that cannot be given."""

    from_: int = strawberry.field(name="from", description="Place after which events were wanted.")
    to: int = strawberry.field(description="Place after which the stream goes on.")
    dropped: int = strawberry.field(
        description="Events lost in between; 0 where the log begins anew below `from`, so that none can be counted."
    )


AlertStreamItem = Annotated[
    AlertEvent | IngestWarning | Discontinuity,
    strawberry.union(
        "AlertStreamItem",
        description="What the stream brings: an alert, a warning of a file, or word of what it cannot bring.",
    ),
]


@strawberry.input(
    description="Which alerts are streamed; what is left out lets everything through. "
    "Warnings of files are streamed where all is left out."
)
class AlertFilter:
    """Which alerts are streamed."""

    severities: list[Severity] | None = strawberry.field(default=None, description="Only these severities.")
    fraud_types: list[str] | None = strawberry.field(default=None, description="Only these fraud types.")
    campaign: strawberry.ID | None = strawberry.field(default=None, description="Only numbers of this campaign.")

    @property
    def is_open(self) -> bool:
        """Whether everything is streamed, also what is no alert."""
        return self.severities is None and self.fraud_types is None and self.campaign is None

    def lets_through(self, alert: AlertRecord) -> bool:
        """Whether an alert is streamed."""
        return (
            (self.severities is None or alert.severity in {severity.name for severity in self.severities})
            and (self.fraud_types is None or alert.fraud_type in self.fraud_types)
            and (self.campaign is None or alert.campaign == self.campaign)
        )
