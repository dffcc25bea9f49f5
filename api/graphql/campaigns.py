"""Campaigns: rings followed over windows, their members, links, events and graph."""

from __future__ import annotations

from typing import Annotated

import strawberry

from api.graphql.asked import Asked, Info
from api.graphql.fields import field
from api.graphql.graphs import Graph
from api.graphql.nodes import Node, NotFound
from api.graphql.numbers import PhoneNumber
from api.graphql.paging import AFTER, FIRST, PageInfo, Window
from api.graphql.scalars import Instant
from api.reads import CampaignEvent as EventRecord
from api.reads import CampaignRecord, LinkRecord, MemberRecord, Page, View

First = Annotated[int, strawberry.argument(description=FIRST)]
After = Annotated[str | None, strawberry.argument(description=AFTER)]


@strawberry.type(description="A number in a campaign.")
class Member:
    """A number in a campaign."""

    number: PhoneNumber = strawberry.field(description="The number.")
    role: str = strawberry.field(description="What it does in the ring: caller, opener or closer.")
    risk: float = strawberry.field(description="Its risk in the window, 0 to 100.")
    since: Instant = strawberry.field(description="Start of its first call in the window.")

    @classmethod
    def of(cls, record: MemberRecord, view: View) -> Member:
        """Give a record of the reads."""
        number = PhoneNumber.of(record.number, view)
        return cls(number=number, role=record.role, risk=record.risk, since=Instant(record.since))


@strawberry.type(description="A row of a list of members.")
class MemberEdge:
    """A row of a list of members."""

    cursor: str = strawberry.field(description="Place of the row in the list, for `after`.")
    node: Member = strawberry.field(description="The member.")


@strawberry.type(description="A page of members, the riskiest first.")
class MemberConnection:
    """A page of members."""

    edges: list[MemberEdge] = strawberry.field(description="The rows of this page.")
    page_info: PageInfo = strawberry.field(description="Where the page lies in the list.")
    total_count: int = strawberry.field(description="Members of the campaign in the current run.")

    @classmethod
    def of(cls, page: Page[Member]) -> MemberConnection:
        """Give a page."""
        edges = [MemberEdge(cursor=c, node=row) for c, row in zip(page.cursors, page.rows, strict=True)]
        return cls(edges=edges, page_info=PageInfo.of(page), total_count=page.total)


@strawberry.type(description="A reason that ties two members.")
class Link:
    """A reason that ties two members."""

    a: PhoneNumber = strawberry.field(description="The number that sorts first.")
    b: PhoneNumber = strawberry.field(description="The number that sorts last.")
    reason: str = strawberry.field(description="Why both belong together, as shared_victims.")
    weight: float = strawberry.field(description="Strength, 0 to 1.")
    shared: int = strawberry.field(description="What both have in common, counted: for shared_victims, victims.")

    @classmethod
    def of(cls, record: LinkRecord, view: View) -> Link:
        """Give a record of the reads."""
        a, b = PhoneNumber.of(record.a, view), PhoneNumber.of(record.b, view)
        return cls(a=a, b=b, reason=record.reason, weight=record.weight, shared=record.shared)


@strawberry.type(description="A row of a list of links.")
class LinkEdge:
    """A row of a list of links."""

    cursor: str = strawberry.field(description="Place of the row in the list, for `after`.")
    node: Link = strawberry.field(description="The link.")


@strawberry.type(description="A page of links, the strongest first.")
class LinkConnection:
    """A page of links."""

    edges: list[LinkEdge] = strawberry.field(description="The rows of this page.")
    page_info: PageInfo = strawberry.field(description="Where the page lies in the list.")
    total_count: int = strawberry.field(description="Links among the campaign's members in the current run.")

    @classmethod
    def of(cls, page: Page[Link]) -> LinkConnection:
        """Give a page."""
        edges = [LinkEdge(cursor=c, node=row) for c, row in zip(page.cursors, page.rows, strict=True)]
        return cls(edges=edges, page_info=PageInfo.of(page), total_count=page.total)


@strawberry.type(description="Something that happened to a campaign; appended, never rewritten.")
class CampaignEvent:
    """Something that happened to a campaign."""

    at: Instant = strawberry.field(description="Cut (instant of event time) at which it holds.")
    known_at: Instant = strawberry.field(description="When it was found out.")
    kind: str = strawberry.field(description="BORN so far; the campaign's later life brings more kinds.")
    version: int = strawberry.field(description="1 for the first telling, higher where late data corrected it.")
    added: list[str] = strawberry.field(description="Numbers that joined, sorted.")
    removed: list[str] = strawberry.field(description="Numbers that left, sorted.")
    others: list[str] = strawberry.field(description="Ids of other campaigns that took part, sorted.")

    @classmethod
    def of(cls, record: EventRecord) -> CampaignEvent:
        """Give a record of the reads."""
        return cls(
            at=Instant(record.at),
            known_at=Instant(record.known_at),
            kind=record.kind,
            version=record.version,
            added=list(record.added),
            removed=list(record.removed),
            others=list(record.others),
        )


@strawberry.type(description="A ring of linked suspicious numbers, followed over windows under one id.")
class Campaign(Node):
    """A ring followed over windows."""

    name: str = strawberry.field(description="A name that people can say; unique.")
    fraud_type: str = strawberry.field(description="Fraud module that most members fit.")
    status: str = strawberry.field(description="ACTIVE or QUIET at the end of the window.")
    risk: float = strawberry.field(description="Risk in the window, 0 to 100.")
    member_count: int = strawberry.field(description="Members in the window.")
    victims: int = strawberry.field(
        description="Different numbers in the window that several members called or talked to."
    )
    affected: int = strawberry.field(
        description="Different callees of members who answered or rang back in the window."
    )
    density: float = strawberry.field(description="Links among members / possible links, 0 to 1.")
    velocity: float = strawberry.field(description="Victims newly reached per day, over the last active 24 h.")
    first_seen: Instant = strawberry.field(description="Start of the members' first call in the window.")
    last_seen: Instant = strawberry.field(description="Start of the members' last call in the window.")
    window: Window = strawberry.field(description="Span that all figures are counted over.")

    @classmethod
    def of(cls, record: CampaignRecord, view: View) -> Campaign:
        """Give a record of the reads."""
        return cls(
            id=strawberry.ID(record.id),
            name=record.name,
            fraud_type=record.fraud_type,
            status=record.status,
            risk=record.risk,
            member_count=record.members,
            victims=record.victims,
            affected=record.affected,
            density=record.density,
            velocity=record.velocity,
            first_seen=Instant(record.first_seen),
            last_seen=Instant(record.last_seen),
            window=Window.of(view),
        )

    @classmethod
    def find(cls, campaign: str, asked: Asked) -> Campaign | None:
        """Give the campaign of this id, or None."""
        record = asked.view.campaigns.get(campaign)
        return cls.of(record, asked.view) if record else None

    @field("Its members in the current run, the riskiest first.")
    def members(self, info: Info, first: First = 50, after: After = None) -> MemberConnection:
        """Give a page of members."""
        asked = info.context
        page = asked.reads.members(asked.view, self.id, first, after)
        return MemberConnection.of(page.as_shown(lambda row: Member.of(row, asked.view)))

    @field("The links among its members in the current run, the strongest first.")
    def links(self, info: Info, first: First = 50, after: After = None) -> LinkConnection:
        """Give a page of links."""
        asked = info.context
        page = asked.reads.links(asked.view, self.id, first, after)
        return LinkConnection.of(page.as_shown(lambda row: Link.of(row, asked.view)))

    @field("What happened to it over all windows, oldest first.")
    def events(self, info: Info) -> list[CampaignEvent]:
        """Give its events."""
        found = info.context.reads.campaign_events(self.id)
        return [CampaignEvent.of(event) for event in found]

    @field("Members (hop 0) and their most shared victims (hop 1) with calls and links in the window.")
    def graph(
        self,
        info: Info,
        limit: Annotated[int, strawberry.argument(description="Nodes at most, 1 to 2000.")] = 200,
    ) -> Graph:
        """Give its graph."""
        asked = info.context
        return Graph.of(asked.reads.campaign_graph(asked.view, self.id, limit), asked.view)


@strawberry.type(description="A row of a list of campaigns.")
class CampaignEdge:
    """A row of a list of campaigns."""

    cursor: str = strawberry.field(description="Place of the row in the list, for `after`.")
    node: Campaign = strawberry.field(description="The campaign.")


@strawberry.type(description="A page of campaigns, the riskiest first.")
class CampaignConnection:
    """A page of campaigns."""

    edges: list[CampaignEdge] = strawberry.field(description="The rows of this page.")
    page_info: PageInfo = strawberry.field(description="Where the page lies in the list.")
    total_count: int = strawberry.field(description="Campaigns that pass the filter in the current run.")

    @classmethod
    def of(cls, page: Page[Campaign]) -> CampaignConnection:
        """Give a page."""
        edges = [CampaignEdge(cursor=c, node=row) for c, row in zip(page.cursors, page.rows, strict=True)]
        return cls(edges=edges, page_info=PageInfo.of(page), total_count=page.total)


CampaignResult = Annotated[
    Campaign | NotFound, strawberry.union("CampaignResult", description="The campaign of an id, or that there is none.")
]
