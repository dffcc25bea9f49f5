"""The schema: what can be asked, and the one stream."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping
from typing import Annotated

import strawberry
from graphql import GraphQLError
from strawberry.extensions import SchemaExtension, ValidationCache
from strawberry.schema.config import StrawberryConfig
from strawberry.types import ExecutionContext

from api.graphql.alerts import Alert, AlertEvent, AlertFilter, AlertStreamItem, Discontinuity, IngestWarning
from api.graphql.asked import Asked, Info
from api.graphql.campaigns import After, Campaign, CampaignConnection, CampaignResult, First
from api.graphql.faults import SayFaults, log_faults
from api.graphql.fields import field, stream
from api.graphql.filters import CampaignFilter, NumberFilter
from api.graphql.graphs import Graph, Path
from api.graphql.nodes import InvalidNumber, NoData, Node, NotFound
from api.graphql.numbers import LookupResult, PhoneNumber, PhoneNumberConnection, SharedCallees
from api.graphql.plain_rows import PlainRows
from api.graphql.scalars import DATE_TIME, Instant, NumberOrder
from api.graphql.stats import Stats
from api.live.alerts import Gap, Warned
from api.reads import BadQuestionError, CampaignRecord, GraphRecord, NumberRecord, Page, Span
from api.reads import InvalidNumber as InvalidRecord
from api.reads import NoData as NoDataRecord
from api.reads import NotFound as NotFoundRecord
from api.reads.numbers import Order

NO_RUN = "There is no run yet; start one with `ringfence run`."
_ORDERS: Mapping[NumberOrder, Order] = {NumberOrder.RISK_DESC: "risk", NumberOrder.LAST_SEEN_DESC: "last_seen"}
GraphResult = Annotated[
    Graph | NotFound | InvalidNumber,
    strawberry.union("GraphResult", description="A graph, or why there is none."),
]
PathResult = Annotated[
    Path | NotFound | InvalidNumber,
    strawberry.union("PathResult", description="A path, or why there is none."),
]
SharedCalleesResult = Annotated[
    SharedCallees | InvalidNumber,
    strawberry.union("SharedCalleesResult", description="What numbers have in common, or which text is no number."),
]
Typed = Annotated[
    str,
    strawberry.argument(description="A number as people write it: with +, or as dialled in the country."),
]
Operator = Annotated[
    str | None,
    strawberry.argument(description="Network whose number is meant; without it the riskiest among all networks."),
]
Id = Annotated[strawberry.ID, strawberry.argument(description="Opaque id from an earlier answer.")]


@strawberry.type(description="What can be asked. All answers of one request come from one run.")
class Query:
    """What can be asked."""

    @field("What is known of one number.")
    def lookup(self, info: Info, number: Typed, operator: Operator = None) -> LookupResult:
        """Look a number up."""
        asked = info.context
        if asked.seen is None:
            return NoData(number=number, message=NO_RUN)
        found = asked.reads.lookup(asked.view, number, operator)
        if isinstance(found, NumberRecord):
            return PhoneNumber.of(found, asked.view)
        kind = NoData if isinstance(found, NoDataRecord) else InvalidNumber
        return kind(number=found.number, message=found.message)

    @field("Numbers of the current run, in pages.")
    def numbers(
        self,
        info: Info,
        filter: Annotated[NumberFilter | None, strawberry.argument(description="Which numbers.")] = None,
        order_by: Annotated[NumberOrder, strawberry.argument(description="Which first.")] = NumberOrder.RISK_DESC,
        first: First = 50,
        after: After = None,
    ) -> PhoneNumberConnection:
        """List numbers."""
        asked = info.context
        if asked.seen is None:
            return PhoneNumberConnection.of(Page.nothing())
        wanted = (filter or NumberFilter()).wanted()
        page = asked.reads.numbers(asked.view, wanted, _ORDERS[order_by], first, after)
        return PhoneNumberConnection.of(page.as_shown(lambda row: PhoneNumber.of(row, asked.view)))

    @field("Campaigns of the current run, the riskiest first, in pages.")
    def campaigns(
        self,
        info: Info,
        filter: Annotated[CampaignFilter | None, strawberry.argument(description="Which campaigns.")] = None,
        first: First = 50,
        after: After = None,
    ) -> CampaignConnection:
        """List campaigns."""
        asked = info.context
        if asked.seen is None:
            return CampaignConnection.of(Page.nothing())
        wanted = (filter or CampaignFilter()).wanted()
        page = asked.reads.campaigns(asked.view, wanted, first, after)
        return CampaignConnection.of(page.as_shown(lambda row: Campaign.of(row, asked.view)))

    @field("One campaign of the current run.")
    def campaign(self, info: Info, id: Id) -> CampaignResult:
        """Give one campaign."""
        asked = info.context
        if asked.seen is None:
            return NotFound(id=id, message=NO_RUN)
        found = asked.reads.campaign(asked.view, id)
        if isinstance(found, CampaignRecord):
            return Campaign.of(found, asked.view)
        return NotFound(id=id, message=found.message)

    @field("What is reached from some numbers over calls in either direction or over links, within the window.")
    def graph(
        self,
        info: Info,
        roots: Annotated[list[str], strawberry.argument(description="1 to 50 numbers as people write them, or ids.")],
        operator: Operator = None,
        depth: Annotated[int, strawberry.argument(description="Calls away from a root, 0 to 4.")] = 2,
        reasons: Annotated[
            list[str] | None,
            strawberry.argument(
                description="What is walked and shown: CALLED, reasons of links; null walks calls and shows all."
            ),
        ] = None,
        limit: Annotated[
            int, strawberry.argument(description="Nodes at most, 1 to 2000; edges at most twice that.")
        ] = 200,
        as_of: Annotated[
            Instant | None,
            strawberry.argument(description="The graph as it was then: the calls of a window as long as the run's."),
        ] = None,
        from_: Annotated[
            Instant | None, strawberry.argument(name="from", description="With `to`: only the calls of a span.")
        ] = None,
        to: Annotated[Instant | None, strawberry.argument(description="First instant after the span.")] = None,
        fresh: Annotated[
            bool,
            strawberry.argument(
                description="As of just after the newest call taken in, since the run or before; `window` says when."
            ),
        ] = False,
    ) -> GraphResult:
        """Give a part of the graph."""
        asked = info.context
        if asked.seen is None:
            return NotFound(id=strawberry.ID(", ".join(roots)), message=NO_RUN)
        span = Span(as_of, from_, to, fresh)
        if not span.is_of_run:
            if reasons is not None:
                raise BadQuestionError("BAD_SPAN", "reasons go with the run's window: without asOf, from, to, fresh.")
            found = asked.reads.span_graph(asked.view, roots, operator, depth, limit, span)
        else:
            found = asked.reads.graph(asked.view, roots, operator, depth, limit, reasons)
        return Graph.of(found, asked.view) if isinstance(found, GraphRecord) else _why_not(found)

    @field(
        "A shortest path between two numbers over calls in the window; of several that with most calls step by step."
    )
    def path(
        self,
        info: Info,
        from_: Annotated[str, strawberry.argument(name="from", description="Where it begins: a number, or an id.")],
        to: Annotated[str, strawberry.argument(description="Where it ends: a number, or an id.")],
        operator: Operator = None,
        max_hops: Annotated[int, strawberry.argument(description="Calls from end to end at most, 1 to 6.")] = 6,
        directed: Annotated[
            bool, strawberry.argument(description="Only from caller to callee, and not back along a call.")
        ] = False,
    ) -> PathResult:
        """Give a path."""
        asked = info.context
        if asked.seen is None:
            return NotFound(id=strawberry.ID(f"{from_}, {to}"), message=NO_RUN)
        found = asked.reads.path(asked.view, from_, to, operator, max_hops, directed)
        return Path.of(found, asked.view) if isinstance(found, GraphRecord) else _why_not(found)

    @field("Numbers that several of some numbers called in the window, the most shared first.")
    def shared_callees(
        self,
        info: Info,
        numbers: Annotated[list[str], strawberry.argument(description="1 to 50 numbers as people write them, or ids.")],
        operator: Operator = None,
        at_least: Annotated[
            int,
            strawberry.argument(description="How many of the numbers must have called it, from 1; all: their count."),
        ] = 2,
        first: Annotated[int, strawberry.argument(description="Callees to give, 1 to 200.")] = 20,
    ) -> SharedCalleesResult:
        """Give what numbers have in common."""
        asked = info.context
        if asked.seen is None:
            return SharedCallees(nodes=[], total=0)
        found = asked.reads.shared_callees(asked.view, numbers, operator, first, at_least)
        if isinstance(found, InvalidRecord):
            return InvalidNumber(number=found.number, message=found.message)
        return SharedCallees.of(found, asked.view)

    @field("The current run in figures; null before the first run.")
    def stats(self, info: Info) -> Stats | None:
        """Give the figures."""
        asked = info.context
        return Stats.of(asked.reads.stats(asked.view), asked.view) if asked.seen else None

    @field("What an id stands for: a number, a campaign or an alert; null where there is none.")
    def node(self, info: Info, id: Id) -> Node | None:
        """Give what an id stands for."""
        asked = info.context
        if asked.seen is None:
            return None
        number = asked.reads.number(asked.view, id)
        if number is not None:
            return PhoneNumber.of(number, asked.view)
        alert = asked.reads.alert(id)
        return Alert.of(alert) if alert else Campaign.find(id, asked)


@strawberry.type(description="What can be followed, by graphql-transport-ws.")
class Subscription:
    """What can be followed."""

    @stream("Alerts, and warnings of files, as they become known, in the order of the event log.")
    async def alert_stream(
        self,
        info: Info,
        filter: Annotated[AlertFilter | None, strawberry.argument(description="Which alerts.")] = None,
        after: Annotated[
            int | None,
            strawberry.argument(
                description="Sequence number to resume after; 0 for the whole log, null for from now on."
            ),
        ] = None,
    ) -> AsyncIterator[AlertStreamItem]:
        """Follow alerts."""
        if after is not None and after < 0:
            raise BadQuestionError("BAD_PLACE", "after must be 0 or a sequence number from the stream.")
        wanted = filter or AlertFilter()
        async for item in info.context.stream.after(after):
            if isinstance(item, Gap):
                yield Discontinuity(from_=item.start, to=item.end, dropped=item.dropped)
            elif isinstance(item, Warned):
                if wanted.is_open:
                    yield IngestWarning.of(item)
            elif wanted.lets_through(item.alert):
                yield AlertEvent(seq=item.seq, alert=Alert.of(item.alert))


def _why_not(found: NotFoundRecord | InvalidRecord) -> NotFound | InvalidNumber:
    if isinstance(found, InvalidRecord):
        return InvalidNumber(number=found.number, message=found.message)
    return NotFound(id=strawberry.ID(found.id), message=found.message)


class Parsed(SchemaExtension):
    """Takes the document as the gate has parsed it."""

    def on_parse(self) -> Iterator[None]:
        """Hand it over, so that it is not parsed again."""
        asked = self.execution_context.context
        assert isinstance(asked, Asked), "every question is asked through the desk"
        self.execution_context.graphql_document = asked.document
        yield


class Schema(strawberry.Schema):
    """Strawberry's schema, logging faults only and under their request id."""

    def process_errors(self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None) -> None:
        """Write faults into the log."""
        asked = execution_context.context if execution_context else None
        log_faults(errors, asked.request_id if isinstance(asked, Asked) else "-")


def build_schema() -> Schema:
    """Give the schema."""
    return Schema(
        query=Query,
        subscription=Subscription,
        types=[PhoneNumber, Campaign, Alert],
        extensions=[SayFaults, Parsed, ValidationCache],
        execution_context_class=PlainRows,
        config=StrawberryConfig(scalar_map={Instant: DATE_TIME}, disable_field_suggestions=True),
    )


def sdl() -> str:
    """Give the schema as text."""
    return build_schema().as_str() + "\n"
