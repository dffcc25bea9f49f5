"""Alerts, and the items of their stream."""

from __future__ import annotations

from typing import Annotated

import strawberry

from api.graphql.nodes import Node
from api.graphql.scalars import Instant, Severity
from api.reads import AlertRecord


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


@strawberry.type(description="Events between `from` and `to` cannot be given any more; the stream goes on after `to`.")
class Discontinuity:
    """Events that cannot be given."""

    from_: int = strawberry.field(name="from", description="Place after which events were wanted.")
    to: int = strawberry.field(description="Place after which the stream goes on.")
    dropped: int = strawberry.field(
        description="Events lost in between; 0 where the log begins anew below `from`, so that none can be counted."
    )


AlertStreamItem = Annotated[
    AlertEvent | Discontinuity,
    strawberry.union(
        "AlertStreamItem", description="What the stream brings: an alert, or word of what it cannot bring."
    ),
]


@strawberry.input(description="Which alerts are streamed; what is left out lets everything through.")
class AlertFilter:
    """Which alerts are streamed."""

    severities: list[Severity] | None = strawberry.field(default=None, description="Only these severities.")
    fraud_types: list[str] | None = strawberry.field(default=None, description="Only these fraud types.")
    campaign: strawberry.ID | None = strawberry.field(default=None, description="Only numbers of this campaign.")

    def lets_through(self, alert: AlertRecord) -> bool:
        """Whether an alert is streamed."""
        return (
            (self.severities is None or alert.severity in {severity.name for severity in self.severities})
            and (self.fraud_types is None or alert.fraud_type in self.fraud_types)
            and (self.campaign is None or alert.campaign == self.campaign)
        )
