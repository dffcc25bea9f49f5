"""Campaigns of the run in front: the list, one of them, its members, links and events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
from sqlalchemy import Row as SqlRow
from sqlalchemy import select

from api.reads.answers import CampaignEvent, CampaignRecord, LinkRecord, MemberRecord, NumberRecord, Page
from api.reads.paging import keyset_page
from api.reads.view import Span, View
from api.reads.work import Work
from detectors.results_tables import campaign_events


@dataclass(frozen=True)
class CampaignFilter:
    """Which campaigns are listed; None lets everything through."""

    fraud_types: Sequence[str] | None = None
    statuses: Sequence[str] | None = None
    min_risk: float | None = None

    def lets_through(self, campaign: CampaignRecord) -> bool:
        """Whether a campaign is listed."""
        return (
            (self.fraud_types is None or campaign.fraud_type in self.fraud_types)
            and (self.statuses is None or campaign.status in self.statuses)
            and (self.min_risk is None or campaign.risk >= self.min_risk)
        )


def list_campaigns(view: View, wanted: CampaignFilter, first: int, after: str | None) -> Page[CampaignRecord]:
    """Give a page of campaigns, the riskiest first."""
    rows = [campaign for campaign in view.campaigns.values() if wanted.lets_through(campaign)]
    return keyset_page("campaigns", rows, lambda campaign: (-campaign.risk, campaign.id), first, after)


def members(view: View, campaign: str, first: int, after: str | None) -> Page[MemberRecord]:
    """Give a page of a campaign's members, the riskiest first."""
    table = view.shown(_part(view.results.members, view.member_spans.get(campaign)), "node")
    numbers = view.records(table["node"].to_pylist())
    others = zip(table["role"].to_pylist(), table["risk"].to_pylist(), table["since"].to_pylist(), strict=True)
    rows = [MemberRecord(number, *other) for number, other in zip(numbers, others, strict=True)]
    return keyset_page("members", rows, lambda member: (-member.risk, member.number.id), first, after)


def links(view: View, campaign: str, first: int, after: str | None) -> Page[LinkRecord]:
    """Give a page of the links among a campaign's members, the weightiest first."""
    table = view.shown(_part(view.results.links, view.link_spans.get(campaign)), "a", "b")
    ends = [_by_row(view, table[end].to_pylist()) for end in ("a", "b")]
    others = zip(*(table[name].to_pylist() for name in ("reason", "weight", "shared")), strict=True)
    rows = [LinkRecord(a, b, *other) for a, b, other in zip(*ends, others, strict=True)]
    return keyset_page("links", rows, lambda link: (-link.weight, link.a.id, link.b.id, link.reason), first, after)


def campaign_history(work: Work, campaign: str) -> list[CampaignEvent]:
    """Give what happened to a campaign, oldest first."""
    table = campaign_events
    found = (
        select(table)
        .where(table.c.scope == work.scope, table.c.campaign == campaign, table.c.run_id.in_(work.committed))
        .order_by(table.c.valid_at, table.c.known_at, table.c.version, table.c.id)
    )
    with work.engine.connect() as connection:
        return [_event(row, work) for row in connection.execute(found)]


def _event(row: SqlRow[Any], work: Work) -> CampaignEvent:
    added, removed = ([number for number in told if number not in work.hidden] for told in (row.added, row.removed))
    return CampaignEvent(row.valid_at, row.known_at, row.kind, row.version, added, removed, row.others)


def _part(table: pa.Table, span: Span | None) -> pa.Table:
    start, end = span or (0, 0)
    return table.slice(start, end - start)


def _by_row(view: View, rows: Sequence[int]) -> list[NumberRecord]:
    distinct = sorted(set(rows))
    records = dict(zip(distinct, view.records(distinct), strict=True))
    return [records[row] for row in rows]
