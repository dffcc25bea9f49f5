"""Every question that a face may ask, on the run in front.

`Reads.view()` gives the run; all answers of one request come from one view, so a rescore is seen whole or not at all.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

from api.ids import Ids
from api.reads import alerts, campaigns, graphs, numbers
from api.reads.answers import (
    AlertRecord,
    BadQuestionError,
    CampaignEvent,
    CampaignRecord,
    Fact,
    FeatureValue,
    GraphRecord,
    InvalidNumber,
    LinkRecord,
    MemberRecord,
    NeighbourList,
    NoData,
    NotFound,
    NumberRecord,
    Page,
    SharedList,
    Stats,
)
from api.reads.campaigns import CampaignFilter
from api.reads.facts import carrier, evidence, features, region
from api.reads.numbers import NumberFilter, Order
from api.reads.spans import Span, SpanGraphs
from api.reads.stats import stats
from api.reads.view import View
from api.reads.work import Work
from api.scope import SCOPE
from graph.store.port import ANYONE, Direction, Key, Kind, KindCount, Wanted
from graph.store.port import Order as NeighbourOrder
from ingest.erased.tombstones import pending, pending_in
from ingest.home import Home
from ingest.ledger.database import open_database
from ingest.ledger.ledger import RunRow, committed_runs, current_run, version_in
from ingest.values.number_plans import Carrier

__all__ = [
    "AlertRecord",
    "BadQuestionError",
    "CampaignEvent",
    "CampaignFilter",
    "CampaignRecord",
    "Direction",
    "Fact",
    "FeatureValue",
    "GraphRecord",
    "InvalidNumber",
    "LinkRecord",
    "MemberRecord",
    "NeighbourList",
    "NoData",
    "NotFound",
    "NumberFilter",
    "NumberRecord",
    "Page",
    "Reads",
    "SharedList",
    "Span",
    "Stats",
    "View",
]


class Reads:
    """The questions, on one home; safe to share between threads.

    `open_run` opens the tables of a run; it is called once a run, when the pointer has moved.
    """

    def __init__(self, home: Home, ids: Ids, open_run: Callable[[RunRow], View], spans: SpanGraphs) -> None:
        self.ids = ids
        self._spans = spans
        self._ledger = open_database(home, "ledger")
        self._database = open_database(home, "work")
        self._open_run = open_run
        self._lock = threading.Lock()
        self._version = 0
        self._opened: View | None = None
        self._view: View | None = None  # as opened, without erased numbers where it holds some
        self._hidden: frozenset[str] = frozenset()

    def view(self) -> View | None:
        """Give the run in front, None before the first; whoever holds an older view may finish with it."""
        with self._ledger.connect() as connection:
            version, hidden = version_in(connection, SCOPE), frozenset(pending_in(connection).values())
        with self._lock:
            # Versions only grow: a thread that read its version before others moved on must not go back.
            if version > self._version:
                run = current_run(self._ledger, SCOPE)
                self._opened = self._view = self._open_run(run) if run else None
                self._version, self._hidden = version, frozenset()
            if hidden != self._hidden:
                self._view = self._opened.hiding(hidden) if self._opened and hidden else self._opened
                self._hidden = hidden
            return self._view

    def lookup(self, view: View, number: str, operator: str | None = None) -> NumberRecord | NoData | InvalidNumber:
        """Give the number that a person typed; of several operators' the riskiest, unless one is named."""
        return numbers.lookup(view, number, operator)

    def number(self, view: View, number_id: str) -> NumberRecord | None:
        """Give the number behind an opaque id."""
        return numbers.by_id(view, number_id)

    def numbers(
        self, view: View, wanted: NumberFilter, order: Order, first: int, after: str | None
    ) -> Page[NumberRecord]:
        """Give a page of numbers, highest first; raises BadQuestionError for a cursor of something else."""
        return numbers.list_numbers(view, wanted, order, first, after)

    def evidence(self, view: View, number: NumberRecord) -> list[Fact]:
        """Give the facts behind a number's score, the weightiest first."""
        return evidence(view, number.row)

    def features(self, view: View, number: NumberRecord) -> list[FeatureValue]:
        """Give all features of a number."""
        return features(view, number.row)

    def carrier(self, view: View, number: NumberRecord) -> Carrier:
        """Give the network of a number, and whether its plan or the table of ported prefixes says so."""
        return carrier(view, number.node)

    def region(self, number: NumberRecord) -> str | None:
        """Give the town or area of a number by numbering plan."""
        return region(number.node)

    def neighbours(
        self,
        view: View,
        key: Key,
        kind: Kind,
        first: int,
        wanted: Wanted = ANYONE,
        order: NeighbourOrder = "weight",
    ) -> NeighbourList:
        """Give the first neighbours of a number of one kind."""
        return graphs.neighbours(view, key, kind, first, wanted, order)

    def neighbour_kinds(self, view: View, key: Key, wanted: Wanted) -> Sequence[KindCount]:
        """Count the neighbours of a number and the wanted ones: callees, callers, links by reason."""
        return view.store.kinds(key, wanted)

    def graph(
        self,
        view: View,
        roots: Sequence[str],
        operator: str | None,
        depth: int,
        limit: int,
        reasons: Sequence[str] | None = None,
    ) -> GraphRecord | NotFound | InvalidNumber:
        """Give what is reached from some numbers; raises BadQuestionError for a depth the store does not take."""
        return graphs.graph(view, roots, operator, depth, limit, reasons)

    def span_graph(
        self, view: View, roots: Sequence[str], operator: str | None, depth: int, limit: int, span: Span
    ) -> GraphRecord | NotFound | InvalidNumber:
        """Give what is reached from some numbers in another span than the run's; raises BadQuestionError."""
        return graphs.span_graph(view, self._spans, roots, operator, depth, limit, span)

    def path(
        self, view: View, a: str, b: str, operator: str | None, max_hops: int, directed: bool
    ) -> GraphRecord | NotFound | InvalidNumber:
        """Give a shortest path between two numbers; raises BadQuestionError for hops the store does not take."""
        return graphs.path(view, a, b, operator, max_hops, directed)

    def shared_callees(
        self, view: View, numbers: Sequence[str], operator: str | None, first: int, at_least: int
    ) -> SharedList | InvalidNumber:
        """Give the numbers that several of some numbers called; raises BadQuestionError for too many numbers."""
        return graphs.shared_callees(view, numbers, operator, first, at_least)

    def campaigns(self, view: View, wanted: CampaignFilter, first: int, after: str | None) -> Page[CampaignRecord]:
        """Give a page of campaigns, the riskiest first."""
        return campaigns.list_campaigns(view, wanted, first, after)

    def campaign(self, view: View, campaign: str) -> CampaignRecord | NotFound:
        """Give one campaign."""
        return view.campaigns.get(campaign) or NotFound(campaign, "The run in front has no campaign of this id.")

    def members(self, view: View, campaign: str, first: int, after: str | None) -> Page[MemberRecord]:
        """Give a page of a campaign's members, the riskiest first."""
        return campaigns.members(view, campaign, first, after)

    def links(self, view: View, campaign: str, first: int, after: str | None) -> Page[LinkRecord]:
        """Give a page of the links among a campaign's members, the weightiest first."""
        return campaigns.links(view, campaign, first, after)

    def campaign_graph(self, view: View, campaign: str, limit: int) -> GraphRecord:
        """Give a campaign's members and its most shared victims, with calls and links among them."""
        return graphs.campaign_graph(view, campaign, limit)

    def campaign_events(self, campaign: str) -> list[CampaignEvent]:
        """Give what happened to a campaign, oldest first."""
        return campaigns.campaign_history(self._work(), campaign)

    def alerts(self, severity: str | None = None, status: str | None = None, limit: int = 50) -> list[AlertRecord]:
        """Give the newest alerts, the riskiest of a cut first."""
        return alerts.list_alerts(self._work(), self.ids, severity, status, limit)

    def alert(self, alert_id: str) -> AlertRecord | None:
        """Give the alert behind an opaque id."""
        return alerts.find_alert(self._work(), self.ids, alert_id)

    def stats(self, view: View) -> Stats:
        """Give the run in front in figures."""
        return stats(view, alerts.count_alerts(self._work_of(view)))

    def _work(self) -> Work:
        committed = [run.run_id for run in committed_runs(self._ledger, SCOPE)]
        return Work(self._database, SCOPE, committed, self._erased())

    def _work_of(self, view: View) -> Work:
        """Give what the run in `view` and earlier ones wrote, whatever was committed since the view was taken."""
        last = (view.run.created_at, view.run.run_id)  # the order in which the ledger lists runs
        runs = committed_runs(self._ledger, SCOPE)
        committed = [run.run_id for run in runs if (run.created_at, run.run_id) <= last]
        return Work(self._database, SCOPE, committed, self._erased())

    def _erased(self) -> frozenset[str]:
        """Give the erased numbers that are not shown though something may still hold them; mostly none."""
        return frozenset(pending(self._ledger).values())
