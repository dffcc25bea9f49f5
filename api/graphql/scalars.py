"""Scalars and enums of the schema."""

from __future__ import annotations

from enum import Enum
from typing import NewType

import strawberry

from graph.windows import iso, parse_instant

Instant = NewType("Instant", int)  # µs since 1970-01-01T00:00Z inside, DateTime outside

DATE_TIME = strawberry.scalar(
    name="DateTime",
    description="An instant, ISO 8601 in UTC with a Z, to the microsecond.",
    specified_by_url="https://www.rfc-editor.org/rfc/rfc3339",
    serialize=iso,
    parse_value=parse_instant,
)


@strawberry.enum(description="What the current run says of a number.")
class Verdict(Enum):
    """What the current run says of a number."""

    SAFE = strawberry.enum_value("SAFE", description="Risk below 50 (setting verdicts.suspicious).")
    SUSPICIOUS = strawberry.enum_value("SUSPICIOUS", description="Risk from 50 to below 85.")
    DANGEROUS = strawberry.enum_value("DANGEROUS", description="Risk from 85 (setting verdicts.dangerous).")
    NO_DATA = strawberry.enum_value("NO_DATA", description="The window has no call of it: neither safe nor dangerous.")


@strawberry.enum(description="How numbers are ordered.")
class NumberOrder(Enum):
    """How numbers are ordered."""

    RISK_DESC = strawberry.enum_value("risk", description="The riskiest first.")
    LAST_SEEN_DESC = strawberry.enum_value("last_seen", description="The one with the newest call first.")


@strawberry.enum(description="Which way calls go, seen from a number.")
class Direction(Enum):
    """Which way calls go, seen from a number."""

    OUT = strawberry.enum_value("out", description="Numbers that it called.")
    IN = strawberry.enum_value("in", description="Numbers that called it.")


@strawberry.enum(description="What makes numbers neighbours.")
class EdgeKind(Enum):
    """What makes numbers neighbours."""

    CALLED = strawberry.enum_value("CALLED", description="Calls between both, in the direction asked for.")
    LINK = strawberry.enum_value("LINK", description="A reason that ties both, whatever the direction asked for.")


@strawberry.enum(description="How neighbours are ordered; ties by their numbers.")
class NeighbourOrder(Enum):
    """How neighbours are ordered."""

    WEIGHT_DESC = strawberry.enum_value("weight", description="Most calls, or the strongest link, first.")
    RISK_DESC = strawberry.enum_value("risk", description="The riskiest first.")
    LAST_SEEN_DESC = strawberry.enum_value(
        "last_seen", description="The newest call between both first; of links, the other's newest call."
    )


@strawberry.enum(description="How urgent an alert is.")
class Severity(Enum):
    """How urgent an alert is."""

    CRITICAL = strawberry.enum_value("CRITICAL", description="Look now.")
    HIGH = strawberry.enum_value("HIGH", description="Look today.")
    MEDIUM = strawberry.enum_value("MEDIUM", description="Look this week.")
    LOW = strawberry.enum_value("LOW", description="Look when there is time.")
