"""What lists are filtered by; what is left out lets everything through."""

from __future__ import annotations

import strawberry

from api import reads
from api.graphql.scalars import Verdict


@strawberry.input(description="Which numbers are listed; what is left out lets everything through.")
class NumberFilter:
    """Which numbers are listed."""

    verdicts: list[Verdict] | None = strawberry.field(default=None, description="Only these verdicts.")
    fraud_types: list[str] | None = strawberry.field(default=None, description="Only these fraud types.")
    campaign: strawberry.ID | None = strawberry.field(default=None, description="Only members of this campaign.")
    min_risk: float | None = strawberry.field(default=None, description="Only from this risk on, 0 to 100.")
    operator: str | None = strawberry.field(default=None, description="Only numbers of this network.")

    def wanted(self) -> reads.NumberFilter:
        """Give it as the reads take it."""
        verdicts = None if self.verdicts is None else [verdict.name for verdict in self.verdicts]
        return reads.NumberFilter(verdicts, self.fraud_types, self.campaign, self.min_risk, self.operator)


@strawberry.input(description="Which campaigns are listed; what is left out lets everything through.")
class CampaignFilter:
    """Which campaigns are listed."""

    fraud_types: list[str] | None = strawberry.field(default=None, description="Only these fraud types.")
    statuses: list[str] | None = strawberry.field(default=None, description="Only these statuses: ACTIVE, QUIET.")
    min_risk: float | None = strawberry.field(default=None, description="Only from this risk on, 0 to 100.")

    def wanted(self) -> reads.CampaignFilter:
        """Give it as the reads take it."""
        return reads.CampaignFilter(self.fraud_types, self.statuses, self.min_risk)
