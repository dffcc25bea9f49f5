"""What the faces are told: plain data, times in µs, counts over the run's window."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from graph.store.port import CallEdge, GraphAnswer, LinkEdge, NumberNode
from graph.windows import Window

Row = TypeVar("Row")
Shown = TypeVar("Shown")


class BadQuestionError(ValueError):
    """A question cannot be answered as it was put; `code` is for programs, the message for people."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True)
class NumberRecord:
    """A number with its opaque id, its row in the run's tables and what its risk rests on.

    `base` is the Isolation Forest's score, 0..1, None where the number made too few calls to be ranked.
    """

    id: str
    node: NumberNode
    row: int
    risk_basis: str
    base: float | None


@dataclass(frozen=True)
class NoData:
    """The window has no call of a number: neither safe nor dangerous."""

    number: str
    message: str


@dataclass(frozen=True)
class InvalidNumber:
    """A text is no telephone number."""

    number: str
    message: str


@dataclass(frozen=True)
class Page(Generic[Row]):
    """A part of a list: rows with a cursor each, and how long the whole list is."""

    rows: Sequence[Row]
    cursors: Sequence[str]
    total: int
    has_previous: bool
    has_next: bool

    @classmethod
    def nothing(cls) -> Page[Row]:
        """Give the page of an empty list."""
        return cls((), (), 0, has_previous=False, has_next=False)

    def as_shown(self, show: Callable[[Row], Shown]) -> Page[Shown]:
        """Give the same page with its rows as a face shows them."""
        return Page([show(row) for row in self.rows], self.cursors, self.total, self.has_previous, self.has_next)


@dataclass(frozen=True)
class Fact:
    """One piece of evidence: a feature's value beside its peers' median; contribution is a share of the score, 0..1."""

    feature: str
    value: float
    unit: str
    typical: float | None
    contribution: float
    text: str


@dataclass(frozen=True)
class FeatureValue:
    """A feature of one number; value is None where the calls do not tell it."""

    name: str
    value: float | None
    unit: str
    tier: str
    definition: str


@dataclass(frozen=True)
class CampaignRecord:
    """A campaign as the run sees it (detectors.results.CAMPAIGNS says what each figure counts)."""

    id: str
    name: str
    fraud_type: str
    status: str
    risk: float
    members: int
    victims: int
    affected: int
    density: float
    velocity: float
    first_seen: int
    last_seen: int


@dataclass(frozen=True)
class MemberRecord:
    """A number in a campaign."""

    number: NumberRecord
    role: str
    risk: float
    since: int


@dataclass(frozen=True)
class LinkRecord:
    """A reason that ties two members."""

    a: NumberRecord
    b: NumberRecord
    reason: str
    weight: float
    shared: int


@dataclass(frozen=True)
class CampaignEvent:
    """Something that happened to a campaign."""

    at: int
    known_at: int
    kind: str
    version: int
    added: Sequence[str]
    removed: Sequence[str]
    others: Sequence[str]


@dataclass(frozen=True)
class NeighbourRecord:
    """The other end of an edge, with the edge."""

    number: NumberRecord
    edge: CallEdge | LinkEdge


@dataclass(frozen=True)
class NeighbourList:
    """The first neighbours of one kind, how many there are, and how many of those are wanted."""

    rows: Sequence[NeighbourRecord]
    total: int
    wanted: int


@dataclass(frozen=True)
class SharedRecord:
    """A number that several of some callers called: how many of them, and how often altogether."""

    number: NumberRecord
    callers: int
    calls: int


@dataclass(frozen=True)
class SharedList:
    """The most shared callees and how many there are."""

    rows: Sequence[SharedRecord]
    total: int


@dataclass(frozen=True)
class GraphRecord:
    """A part of the graph; `roles` says for each node in the order of `graph.nodes` what it is here."""

    graph: GraphAnswer
    roles: Sequence[str]
    window: Window | None = None  # of the calls, None: the run's
    uncounted: Sequence[Window] = ()  # parts of the window whose calls are dropped for their age


@dataclass(frozen=True)
class NotFound:
    """There is nothing by that name."""

    id: str
    message: str


@dataclass(frozen=True)
class AlertRecord:
    """A number that people are asked to look at; the id is opaque."""

    id: str
    severity: str
    title: str
    description: str
    number: str
    campaign: str | None
    fraud_type: str | None
    risk: float
    status: str
    as_of: int
    created_at: int


@dataclass(frozen=True)
class Stats:
    """The run in front in figures."""

    window_start: int
    window_end: int
    as_of: int
    total_calls: int
    numbers: int
    edges: int
    dangerous: int
    suspicious: int
    active_campaigns: int
    alerts: int
    alerts_counted: int
    blocked_threats: int
    answer_state_inferred: bool
    store: str
    stale_since: int | None
    run: str
