"""The run in front in figures."""

from __future__ import annotations

import strawberry

from api.graphql.paging import Window
from api.graphql.scalars import Instant
from api.reads import Stats as StatsRecord
from api.reads import View


@strawberry.type(description="The current run in figures.")
class Stats:
    """The current run in figures."""

    window: Window = strawberry.field(description="Span that all figures are counted over.")
    as_of: Instant = strawberry.field(description="Instant as of which the run judges: the end of the window.")
    total_calls: int = strawberry.field(description="Accepted calls in the window.")
    numbers: int = strawberry.field(description="Different numbers in the window.")
    edges: int = strawberry.field(description="Different ordered pairs caller → callee in the window.")
    total_fraud_detected: int = strawberry.field(description="Numbers whose verdict is DANGEROUS now.")
    suspicious: int = strawberry.field(description="Numbers whose verdict is SUSPICIOUS now.")
    active_campaigns: int = strawberry.field(description="Campaigns with status ACTIVE now.")
    alerts: int = strawberry.field(description="Open alerts, of this run and of earlier ones.")
    alerts_counted: int = strawberry.field(
        description="Findings of this run beyond the alert budget: counted, not raised."
    )
    blocked_threats: int = strawberry.field(
        description="Calls from numbers on a block list; 0 while there are no lists."
    )
    answer_state_inferred: bool = strawberry.field(
        description="Whether some records had no disposition, so that conversation above 0 s counted as answered."
    )
    store: str = strawberry.field(description="Store that answers graph questions: embedded or neo4j.")
    stale_since: Instant | None = strawberry.field(
        description="Since when the graph database has not answered for the newest run, as far as this server has "
        "seen; the run's own tables answer meanwhile. Null while it answers, and where none is used."
    )
    run: str = strawberry.field(description="Id of the run.")

    @classmethod
    def of(cls, record: StatsRecord, view: View) -> Stats:
        """Give a record of the reads."""
        return cls(
            window=Window.of(view),
            as_of=Instant(record.as_of),
            total_calls=record.total_calls,
            numbers=record.numbers,
            edges=record.edges,
            total_fraud_detected=record.dangerous,
            suspicious=record.suspicious,
            active_campaigns=record.active_campaigns,
            alerts=record.alerts,
            alerts_counted=record.alerts_counted,
            blocked_threats=record.blocked_threats,
            answer_state_inferred=record.answer_state_inferred,
            store=record.store,
            stale_since=None if record.stale_since is None else Instant(record.stale_since),
            run=record.run,
        )
