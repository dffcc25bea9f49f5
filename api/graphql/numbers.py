"""Phone numbers: what a run says of them, why, and who is beside them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated

import strawberry

from api.graphql.asked import Info
from api.graphql.fields import field
from api.graphql.filters import NeighbourFilter
from api.graphql.graphs import GraphEdge, edge_alone
from api.graphql.nodes import InvalidNumber, NoData, Node
from api.graphql.paging import PageInfo, Window
from api.graphql.scalars import Direction, EdgeKind, Instant, NeighbourOrder, Verdict
from api.reads import NeighbourList, NumberRecord, Page, SharedList, View
from graph.store.port import Kind, KindCount
from graph.store.port import Order as StoreOrder

if TYPE_CHECKING:
    from api.graphql.campaigns import Campaign

Filter = Annotated[NeighbourFilter | None, strawberry.argument(description="Which neighbours.")]
_ORDERS: Mapping[NeighbourOrder, StoreOrder] = {
    NeighbourOrder.WEIGHT_DESC: "weight",
    NeighbourOrder.RISK_DESC: "risk",
    NeighbourOrder.LAST_SEEN_DESC: "last_seen",
}


@strawberry.type(description="One piece of evidence: a feature of the number beside what is usual.")
class Fact:
    """One piece of evidence."""

    feature: str = strawberry.field(description="Name of the feature (docs/features.md).")
    value: float = strawberry.field(description="Its value in the window, in `unit`.")
    unit: str = strawberry.field(description="Unit of value and typical.")
    typical: float | None = strawberry.field(description="Median among its peers; null where there is none.")
    contribution: float = strawberry.field(description="Share of the score that rests on it, 0 to 1.")
    text: str = strawberry.field(description="The fact as a sentence with value, unit and window.")


@strawberry.type(description="A measured property of a number in the window.")
class FeatureValue:
    """A measured property of a number."""

    name: str = strawberry.field(description="Name of the feature (docs/features.md).")
    value: float | None = strawberry.field(description="Its value in `unit`; null where the calls do not tell it.")
    unit: str = strawberry.field(description="Unit of the value.")
    tier: str = strawberry.field(description="additive, sequence or slow: how soon live calls change it.")
    definition: str = strawberry.field(description="What is measured.")


@strawberry.type(description="A telephone number that has calls in the window, as the current run sees it.")
class PhoneNumber(Node):
    """A telephone number that has calls in the window."""

    record: strawberry.Private[NumberRecord]
    number: str = strawberry.field(description="E.164 with +, or as its operator writes it (opaque ids, short codes).")
    operator: str = strawberry.field(description="Network whose records show the number; part of its identity.")
    kind: str = strawberry.field(description="e164, short, service, withheld or opaque.")
    country: str | None = strawberry.field(description="ISO 3166-1 alpha-2, by numbering plan; null where it has none.")
    line_type: str | None = strawberry.field(description="mobile, fixed_line, toll_free …, by numbering plan.")
    verdict: Verdict = strawberry.field(description="SAFE, SUSPICIOUS or DANGEROUS by risk; never NO_DATA here.")
    risk: float = strawberry.field(description="Risk in the window, 0 to 100.")
    risk_basis: str = strawberry.field(
        description="rank (place among peers, at most 84), module (a fraud module's facts hold) or none."
    )
    role: str = strawberry.field(description="suspected, abused (someone else uses it), victim or none.")
    fraud_type: str | None = strawberry.field(description="Fraud module that speaks loudest; null where none does.")
    first_seen: Instant = strawberry.field(description="Start of its first call in the window.")
    last_seen: Instant = strawberry.field(description="Start of its last call in the window.")
    window: Window = strawberry.field(description="Span that all figures are counted over.")
    out_calls: int = strawberry.field(description="Calls it made in the window, answered or not.")
    in_calls: int = strawberry.field(description="Calls it received in the window, answered or not.")
    callees: int = strawberry.field(description="Different numbers it called in the window.")
    callers: int = strawberry.field(description="Different numbers that called it in the window.")

    @classmethod
    def of(cls, record: NumberRecord, view: View) -> PhoneNumber:
        """Give a record of the reads."""
        node = record.node
        return cls(
            record=record,
            id=strawberry.ID(record.id),
            number=node.key.number,
            operator=node.key.operator,
            kind=node.kind,
            country=node.country,
            line_type=node.line_type,
            verdict=Verdict[node.verdict],
            risk=node.risk,
            risk_basis=record.risk_basis,
            role=node.role,
            fraud_type=node.fraud_type,
            first_seen=Instant(node.first_seen),
            last_seen=Instant(node.last_seen),
            window=Window.of(view),
            out_calls=node.out_calls,
            in_calls=node.in_calls,
            callees=node.callees,
            callers=node.callers,
        )

    @field("Network after porting where the operator's table knows, else by numbering plan; null where unknown.")
    def carrier(self, info: Info) -> str | None:
        """Give the network."""
        asked = info.context
        return asked.reads.carrier(asked.view, self.record).name

    @field("Who says the carrier: plan, or ported (the operator's table of ported prefixes); null without a carrier.")
    def carrier_source(self, info: Info) -> str | None:
        """Give who says the carrier."""
        asked = info.context
        return asked.reads.carrier(asked.view, self.record).source

    @field("Town or area by numbering plan, in English; the country's name where the plan tells no more, else null.")
    def region(self, info: Info) -> str | None:
        """Give the town or area."""
        return info.context.reads.region(self.record)

    @field("The facts behind the risk, the weightiest first; empty where nothing stands out.")
    def evidence(self, info: Info) -> list[Fact]:
        """Give the facts behind the risk."""
        asked = info.context
        return [Fact(**vars(fact)) for fact in asked.reads.evidence(asked.view, self.record)]

    @field("All features of the number over the window, in the order of docs/features.md.")
    def features(self, info: Info) -> list[FeatureValue]:
        """Give all features."""
        asked = info.context
        return [FeatureValue(**vars(value)) for value in asked.reads.features(asked.view, self.record)]

    @field("The campaign it is a member of in the current run; null where none.")
    def campaign(self, info: Info) -> Annotated[Campaign, strawberry.lazy("api.graphql.campaigns")] | None:
        """Give its campaign."""
        from api.graphql.campaigns import Campaign  # noqa: PLC0415  # campaigns have members, members campaigns

        name = self.record.node.campaign
        return Campaign.find(name, info.context) if name else None

    @field("Numbers at the other end of its calls in the window, or of its links; most calls or strongest first.")
    def neighbours(
        self,
        info: Info,
        direction: Annotated[Direction, strawberry.argument(description="Which way the calls go.")] = Direction.OUT,
        kind: Annotated[EdgeKind, strawberry.argument(description="Calls, or links.")] = EdgeKind.CALLED,
        filter: Filter = None,
        order_by: Annotated[
            NeighbourOrder, strawberry.argument(description="Which first.")
        ] = NeighbourOrder.WEIGHT_DESC,
        first: Annotated[int, strawberry.argument(description="Neighbours to give, 1 to 200.")] = 20,
    ) -> Neighbours:
        """Give the numbers at the other end of its calls or links."""
        asked = info.context
        which: Kind = "link" if kind is EdgeKind.LINK else "out" if direction is Direction.OUT else "in"
        wanted = (filter or NeighbourFilter()).wanted()
        key = self.record.node.key
        return Neighbours.of(
            asked.reads.neighbours(asked.view, key, which, first, wanted, _ORDERS[order_by]), asked.view
        )

    @field("How many neighbours it has by calls out, by calls in, and by links of each reason.")
    def neighbour_counts(self, info: Info, filter: Filter = None) -> list[NeighbourCount]:
        """Count its neighbours."""
        asked = info.context
        wanted = (filter or NeighbourFilter()).wanted()
        found = asked.reads.neighbour_kinds(asked.view, self.record.node.key, wanted)
        return [NeighbourCount.of(count) for count in found]


@strawberry.type(description="A number at the other end of calls or of a link, with those.")
class Neighbour:
    """A number at the other end of calls or of a link."""

    number: PhoneNumber = strawberry.field(description="The other number.")
    edge: GraphEdge = strawberry.field(description="The calls between both in the direction asked for, or the link.")


@strawberry.type(description="The neighbours of a number of one kind: in one direction of calls, or by links.")
class Neighbours:
    """The neighbours of a number of one kind."""

    nodes: list[Neighbour] = strawberry.field(
        description="The first of those that pass the filter, in the order asked for."
    )
    total: int = strawberry.field(description="How many there are in the window, shown or not, whatever the filter.")
    matching: int = strawberry.field(description="How many of them pass the filter, shown or not.")

    @classmethod
    def of(cls, found: NeighbourList, view: View) -> Neighbours:
        """Give an answer of the reads."""
        rows = [Neighbour(number=PhoneNumber.of(r.number, view), edge=edge_alone(r.edge, view)) for r in found.rows]
        return cls(nodes=rows, total=found.total, matching=found.wanted)


@strawberry.type(description="How many neighbours of one kind a number has.")
class NeighbourCount:
    """How many neighbours of one kind a number has."""

    kind: EdgeKind = strawberry.field(description="Calls, or links.")
    direction: Direction | None = strawberry.field(description="Which way the calls go; null for links.")
    reason: str | None = strawberry.field(description="Why links tie both; null for calls.")
    total: int = strawberry.field(description="How many there are in the window, whatever the filter; of links, links.")
    matching: int = strawberry.field(description="How many of them pass the filter.")

    @classmethod
    def of(cls, count: KindCount) -> NeighbourCount:
        """Give an answer of the reads."""
        ways = {"out": Direction.OUT, "in": Direction.IN}
        kind = EdgeKind.LINK if count.kind == "link" else EdgeKind.CALLED
        return cls(
            kind=kind,
            direction=ways.get(count.kind),
            reason=count.reason,
            total=count.total,
            matching=count.wanted,
        )


@strawberry.type(description="A number that several of some numbers called in the window.")
class SharedCallee:
    """A number that several of some numbers called."""

    number: PhoneNumber = strawberry.field(description="The number they called.")
    callers: int = strawberry.field(description="How many of the given numbers called it.")
    calls: int = strawberry.field(description="Calls from them to it, answered or not.")


@strawberry.type(description="The numbers that several of some numbers called in the window.")
class SharedCallees:
    """The numbers that several of some numbers called."""

    nodes: list[SharedCallee] = strawberry.field(description="Those with most callers first, then with most calls.")
    total: int = strawberry.field(description="How many there are in the window, shown or not.")

    @classmethod
    def of(cls, found: SharedList, view: View) -> SharedCallees:
        """Give an answer of the reads."""
        rows = [
            SharedCallee(number=PhoneNumber.of(row.number, view), callers=row.callers, calls=row.calls)
            for row in found.rows
        ]
        return cls(nodes=rows, total=found.total)


@strawberry.type(description="A row of a list of numbers.")
class PhoneNumberEdge:
    """A row of a list of numbers."""

    cursor: str = strawberry.field(description="Place of the row in the list, for `after`.")
    node: PhoneNumber = strawberry.field(description="The number.")


@strawberry.type(description="A page of numbers.")
class PhoneNumberConnection:
    """A page of numbers."""

    edges: list[PhoneNumberEdge] = strawberry.field(description="The rows of this page.")
    page_info: PageInfo = strawberry.field(description="Where the page lies in the list.")
    total_count: int = strawberry.field(description="Numbers that pass the filter in the current run.")

    @classmethod
    def of(cls, page: Page[PhoneNumber]) -> PhoneNumberConnection:
        """Give a page."""
        edges = [PhoneNumberEdge(cursor=c, node=row) for c, row in zip(page.cursors, page.rows, strict=True)]
        return cls(edges=edges, page_info=PageInfo.of(page), total_count=page.total)


LookupResult = Annotated[
    PhoneNumber | NoData | InvalidNumber,
    strawberry.union("LookupResult", description="What is known of a number that a person typed."),
]
