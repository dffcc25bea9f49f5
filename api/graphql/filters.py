"""What lists are filtered by; what is left out lets everything through."""

from __future__ import annotations

import strawberry

from api import reads
from api.graphql.scalars import Verdict
from graph.store.port import Wanted


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


@strawberry.input(description="Which neighbours are given; what is left out lets everything through.")
class NeighbourFilter:
    """Which neighbours are given."""

    min_calls: int | None = strawberry.field(
        default=None, description="Only with so many calls between both; not of links."
    )
    answered: bool | None = strawberry.field(
        default=None, description="true: only with a call that was answered; not of links."
    )
    reasons: list[str] | None = strawberry.field(default=None, description="Only links of these reasons; not of calls.")
    min_risk: float | None = strawberry.field(default=None, description="Only from this risk on, 0 to 100.")
    verdicts: list[Verdict] | None = strawberry.field(default=None, description="Only these verdicts.")
    line_types: list[str] | None = strawberry.field(default=None, description="Only these kinds of line, as mobile.")
    countries: list[str] | None = strawberry.field(
        default=None, description="Only of these countries, ISO 3166-1 alpha-2."
    )

    def wanted(self) -> Wanted:
        """Give it as the reads take it."""
        return Wanted(
            min_calls=self.min_calls or 0,
            answered=bool(self.answered),
            min_risk=self.min_risk or 0.0,
            verdicts=None if self.verdicts is None else [verdict.name for verdict in self.verdicts],
            line_types=self.line_types,
            countries=self.countries,
            reasons=self.reasons,
        )


@strawberry.input(description="Which campaigns are listed; what is left out lets everything through.")
class CampaignFilter:
    """Which campaigns are listed."""

    fraud_types: list[str] | None = strawberry.field(default=None, description="Only these fraud types.")
    statuses: list[str] | None = strawberry.field(default=None, description="Only these statuses: ACTIVE, QUIET.")
    min_risk: float | None = strawberry.field(default=None, description="Only from this risk on, 0 to 100.")

    def wanted(self) -> reads.CampaignFilter:
        """Give it as the reads take it."""
        return reads.CampaignFilter(self.fraud_types, self.statuses, self.min_risk)
