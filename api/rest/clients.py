"""The read side of the REST interface that existing clients use; names and types are fixed.

What has no source yet is 0 and said to be so: blocked_threats (no block lists), reports (no user reports).
"""

from __future__ import annotations

from typing import Annotated, Literal, cast

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import JSONResponse

from api.reads import CampaignFilter, CampaignRecord, InvalidNumber, NoData, NumberRecord, Reads, View
from api.rest.refusals import refusal
from graph.windows import iso

Severity = Literal["CRITICAL", "HIGH", "MEDIUM", "LOW"]
Verdict = Literal["SAFE", "SUSPICIOUS", "DANGEROUS"]
UNKNOWN = "Unknown"
NO_RUN = "There is no run yet, so nothing can be said about any number."
_CATEGORY = {"SAFE": "Normal", "SUSPICIOUS": "Suspicious", "DANGEROUS": "Fraud"}
_EVERYTHING = 1_000_000  # campaigns: the existing clients know no pages


class CampaignOut(BaseModel):
    """A campaign of the current run."""

    id: str
    name: str
    risk_score: float = Field(description="Risk, 0 to 100.")
    affected_users: int = Field(description="Distinct callees of members who answered or rang back in the window.")
    status: str = Field(description="ACTIVE or QUIET.")

    @classmethod
    def of(cls, row: CampaignRecord) -> CampaignOut:
        """Give a record of the reads."""
        return cls(id=row.id, name=row.name, risk_score=row.risk, affected_users=row.affected, status=row.status)


class StatsOut(BaseModel):
    """The current run in figures."""

    total_calls: int = Field(description="Accepted calls in the window.")
    blocked_threats: int = Field(description="Calls from numbers on a block list; 0 while there are no lists.")
    active_campaigns_count: int = Field(description="Campaigns with status ACTIVE.")
    total_fraud_detected: int = Field(description="Distinct numbers whose verdict is DANGEROUS now.")


class NumberIn(BaseModel):
    """The number that is asked about."""

    model_config = ConfigDict(strict=True)

    number: str = Field(description="As people write it.", examples=["+91 98765 43210"])


class NumberOut(BaseModel):
    """What is known of a number."""

    status: Verdict = Field(description="Verdict; SAFE too where there is no data.")
    risk_score: float = Field(description="Risk in the window, 0 to 100.")
    category: str = Field(description="Fraud type, else Normal, Suspicious, Fraud, or No data.")
    reports: int = Field(description="User reports of 90 days; 0 while there is no source of reports.")
    carrier: str = Field(description="Network after porting where known, else by numbering plan, or Unknown.")
    last_active: str = Field(description="Start of the last call in the window, ISO 8601, or Never.")
    fraud_type: str | None
    cluster_id: str | None = Field(description="Id of its campaign.")
    anomaly_score: float = Field(description="Isolation Forest, 0 to 1; 0 where the number is not ranked.")
    explanation: str = Field(description="The facts behind the risk, as sentences.")
    data_available: bool = Field(description="false: never seen in the window, so SAFE means nothing.")


class AlertOut(BaseModel):
    """A number that people are asked to look at."""

    id: str
    severity: Severity
    title: str
    description: str
    cluster_id: str | None = Field(description="Id of its campaign.")
    caller_id: str
    status: str
    created_at: str = Field(description="When it was raised, ISO 8601.")
    time: str = Field(description="End of the window in which it was found, ISO 8601.")


def client_routes(reads: Reads) -> APIRouter:
    """Give the routes, answering from `reads`."""
    routes = APIRouter(prefix="/api", tags=["existing clients"])

    @routes.get("/campaigns")
    def campaigns() -> list[CampaignOut]:
        """Give all campaigns of the current run, the riskiest first."""
        view = reads.view()
        rows = reads.campaigns(view, CampaignFilter(), _EVERYTHING, None).rows if view else ()
        return [CampaignOut.of(row) for row in rows]

    @routes.get("/stats")
    def stats() -> StatsOut:
        """Give the current run in figures; all 0 before the first run."""
        return _stats(reads)

    @routes.post("/check-number", response_model=NumberOut)
    def check_number(asked: NumberIn, request: Request) -> NumberOut | JSONResponse:
        """Say what is known of a number."""
        view = reads.view()
        found = reads.lookup(view, asked.number) if view else NoData(asked.number, NO_RUN)
        if isinstance(found, InvalidNumber):
            return refusal(request.url.path, 422, "INVALID_NUMBER", found.message)
        if isinstance(found, NoData) or view is None:
            return _never_seen(found.message if isinstance(found, NoData) else NO_RUN)
        return _seen(reads, view, found)

    @routes.get("/alerts")
    def alerts(
        severity: Severity | None = None,
        status: Annotated[str | None, Query(max_length=16)] = None,
        limit: Annotated[int, Query(ge=1, le=1000)] = 50,
    ) -> list[AlertOut]:
        """Give alerts, those of the newest cut first."""
        return [
            AlertOut(
                id=alert.id,
                severity=cast("Severity", alert.severity),
                title=alert.title,
                description=alert.description,
                cluster_id=alert.campaign,
                caller_id=alert.number,
                status=alert.status,
                created_at=iso(alert.created_at),
                time=iso(alert.as_of),
            )
            for alert in reads.alerts(severity, status, limit)
        ]

    return routes


def _stats(reads: Reads) -> StatsOut:
    view = reads.view()
    if view is None:
        return StatsOut(total_calls=0, blocked_threats=0, active_campaigns_count=0, total_fraud_detected=0)
    shown = reads.stats(view)
    return StatsOut(
        total_calls=shown.total_calls,
        blocked_threats=shown.blocked_threats,
        active_campaigns_count=shown.active_campaigns,
        total_fraud_detected=shown.dangerous,
    )


def _never_seen(why: str) -> NumberOut:
    return NumberOut(
        status="SAFE",
        risk_score=0.0,
        category="No data",
        reports=0,
        carrier=UNKNOWN,
        last_active="Never",
        fraud_type=None,
        cluster_id=None,
        anomaly_score=0.0,
        explanation=why,
        data_available=False,
    )


def _seen(reads: Reads, view: View, found: NumberRecord) -> NumberOut:
    node = found.node
    facts = " ".join(fact.text for fact in reads.evidence(view, found))
    return NumberOut(
        status=cast("Verdict", node.verdict),
        risk_score=node.risk,
        category=node.fraud_type or _CATEGORY[node.verdict],
        reports=0,
        carrier=reads.carrier(view, found).name or UNKNOWN,
        last_active=iso(node.last_seen),
        fraud_type=node.fraud_type,
        cluster_id=node.campaign,
        anomaly_score=found.base or 0.0,
        explanation=facts or "Nothing about its calls stands out.",
        data_available=True,
    )
