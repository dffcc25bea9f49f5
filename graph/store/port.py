"""The graph store port: what investigators ask of a graph, and the answers both stores must give equally.

Ties are ordered by node key (operator, number). Answers are plain data; a store never computes scores.
Limits hold whatever is asked: an answer never has more nodes, edges or links than its question allows, and says by
its totals how much there is.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

Direction = Literal["out", "in"]
Kind = Literal["out", "in", "link"]  # of neighbours: callees, callers, numbers that a link ties
Order = Literal["weight", "risk", "last_seen"]


@dataclass(frozen=True, order=True)
class Key:
    """Identity of a number node."""

    operator: str
    number: str


@dataclass(frozen=True)
class NumberNode:
    """A number as the graph shows it; times in µs, counts over the snapshot's window."""

    key: Key
    kind: str
    country: str | None
    line_type: str | None
    carrier: str | None
    first_seen: int
    last_seen: int
    out_calls: int
    in_calls: int
    callees: int
    callers: int
    risk: float
    verdict: str
    role: str
    fraud_type: str | None
    campaign: str | None


@dataclass(frozen=True)
class CallEdge:
    """All calls of an ordered pair within the window."""

    caller: Key
    callee: Key
    calls: int
    answered: int
    talk_ms: int
    night_calls: int
    first_seen: int
    last_seen: int


@dataclass(frozen=True)
class LinkEdge:
    """A reason that ties two numbers (a < b)."""

    a: Key
    b: Key
    reason: str
    weight: float
    shared: int


@dataclass(frozen=True)
class GraphAnswer:
    """A part of the graph.

    nodes are ordered by (hop, weight to the earlier hop descending, key), edges by (calls descending, caller, callee),
    links by (weight descending, a, b, reason). total_* count what the same question without limits on nodes and edges
    would have reached from the nodes that are shown. Links are those among the nodes; as many as edges are allowed.
    total_roots of total_nodes are at hop 0: roots, or members of a campaign.
    """

    nodes: tuple[NumberNode, ...]
    hops: tuple[int, ...]
    edges: tuple[CallEdge, ...]
    links: tuple[LinkEdge, ...]
    total_nodes: int
    total_edges: int
    total_links: int = 0
    total_roots: int = 0

    @property
    def is_truncated(self) -> bool:
        """Whether something was left out."""
        return (
            self.total_nodes > len(self.nodes)
            or self.total_edges > len(self.edges)
            or self.total_links > len(self.links)
        )


NOTHING = GraphAnswer((), (), (), (), 0, 0)


@dataclass(frozen=True)
class Wanted:
    """Which neighbours are given; what is None, 0 or False lets everything through.

    min_calls and answered ask for calls of the pair in the direction looked at and do not touch links; reasons ask for
    links and do not touch calls; the rest asks for the number at the other end.
    """

    min_calls: int = 0
    answered: bool = False  # only pairs with a call that was answered
    min_risk: float = 0.0
    verdicts: Sequence[str] | None = None
    line_types: Sequence[str] | None = None
    countries: Sequence[str] | None = None
    reasons: Sequence[str] | None = None


ANYONE = Wanted()


@dataclass(frozen=True)
class Neighbour:
    """The other end of an edge, with the edge."""

    node: NumberNode
    edge: CallEdge | LinkEdge


@dataclass(frozen=True)
class Neighbours:
    """The first neighbours of one kind, how many there are, and how many of those are wanted."""

    rows: tuple[Neighbour, ...]
    total: int
    wanted: int


@dataclass(frozen=True)
class KindCount:
    """How many neighbours of one kind (of links: and reason) a number has, and how many of those are wanted."""

    kind: Kind
    reason: str | None
    total: int
    wanted: int


@dataclass(frozen=True)
class SharedCallee:
    """A number that several of some callers called: how many of them, and how often altogether."""

    node: NumberNode
    callers: int
    calls: int


@dataclass(frozen=True)
class SharedCallees:
    """The most shared callees and how many there are."""

    rows: tuple[SharedCallee, ...]
    total: int


@dataclass(frozen=True)
class CallPath:
    """A shortest path over calls: its numbers from end to end, and the calls between each and the next.

    edges come step by step, those along the path before those back.
    """

    nodes: tuple[NumberNode, ...]
    edges: tuple[CallEdge, ...]


@dataclass(frozen=True)
class StoreMeta:
    """Which version of the graph a store shows."""

    version: str  # run id
    snapshot: str
    as_of: int
    numbers: int
    edges: int
    calls: int


MAX_DEPTH = 4
MAX_HOPS = 6
CALLED = "CALLED"  # stands for calls wherever reasons of links are named


class StoreUnavailableError(RuntimeError):
    """The store cannot answer now: away, half-way through a publish, timed out; the message says what to do."""


class StoreBehindError(StoreUnavailableError):
    """The store answers, and does not show the run that was asked for: another one, none, or half of one."""


class StoreSlowError(StoreUnavailableError):
    """The store did not answer within the time that a question may take."""


class TooWideError(ValueError):
    """A question leads through more of the graph than a store looks at for one answer; the message says what to do."""


class GraphStore(Protocol):
    """Every operation that both stores have.

    `without` names numbers that are left out as if they and their edges were not there, from totals too. What would
    take too long is not answered: by work in the embedded store (TooWideError), by time in the graph database
    (StoreUnavailableError).
    """

    def meta(self) -> StoreMeta:
        """Give the version shown."""
        ...

    def lookup(self, keys: Sequence[Key]) -> list[NumberNode | None]:
        """Give the nodes of `keys` in order, None where the window has no call of one."""
        ...

    def neighbours(
        self,
        key: Key,
        kind: Kind,
        limit: int,
        wanted: Wanted = ANYONE,
        order: Order = "weight",
        without: Collection[Key] = (),
    ) -> Neighbours:
        """Give the first `limit` wanted neighbours of one kind: callees, callers, or those a link ties; else nothing.

        Highest first, by weight (calls of the pair, of a link its weight), by the other's risk, or by the last call of
        the pair (of a link: of the other); ties by the other's key, of links also by (reason, shared). A number that
        rings itself is its own neighbour; one that two links tie comes twice. Raises ValueError for a negative limit.
        """
        ...

    def kinds(self, key: Key, wanted: Wanted = ANYONE, without: Collection[Key] = ()) -> tuple[KindCount, ...]:
        """Count all neighbours of a number and the wanted ones: callees, callers, then links by reason.

        A link whose reason is not wanted is not wanted. Empty for an unknown key.
        """
        ...

    def neighbourhood(
        self,
        roots: Sequence[Key],
        depth: int,
        max_nodes: int,
        max_edges: int,
        reasons: Collection[str] | None = None,
        without: Collection[Key] = (),
    ) -> GraphAnswer:
        """Give what is reached from `roots` over calls in either direction within `depth` hops (0..4).

        Hop by hop: only nodes that were kept are expanded; of those newly reached, the heaviest by summed calls on
        edges to the kept nodes of the previous hop stay, until `max_nodes`. Edges are those among kept nodes, the
        heaviest `max_edges`. total_nodes counts kept nodes plus those reached and not kept; total_edges the edges
        among kept nodes. Roots are hop 0, each once, in the order of their keys; unknown ones are left out, those
        beyond `max_nodes` count as reached and not kept. `reasons` names what is walked and shown instead of calls and
        all links: CALLED, reasons of links; a link then weighs as much as one call. Raises ValueError for another depth
        or negative limits.
        """
        ...

    def subgraph(self, keys: Sequence[Key], max_edges: int, without: Collection[Key] = ()) -> GraphAnswer:
        """Give all of `keys` that are there (hop 0, each once, by key), calls and links among them.

        Each at most `max_edges`, the totals of both are told. Raises ValueError for a negative limit.
        """
        ...

    def shared_callees(
        self, keys: Sequence[Key], limit: int, at_least: int = 2, without: Collection[Key] = ()
    ) -> SharedCallees:
        """Give the `limit` most shared of the numbers that at least `at_least` of `keys` called.

        Each key counts once however often it is given, unknown ones not at all; a number that rings itself is one of
        its callers. Ordered by (callers descending, calls descending, key). Raises ValueError for a negative limit or
        less than one caller.
        """
        ...

    def path(
        self, a: Key, b: Key, max_hops: int, directed: bool = False, without: Collection[Key] = ()
    ) -> CallPath | None:
        """Give a shortest path from `a` to `b` over calls in either direction, or only from caller to callee.

        None where there is none of at most `max_hops` (0..6) calls, or one end is unknown; `a` alone where both ends
        are the same. Of several shortest paths that which goes on, step by step from `a`, to the number with most calls
        on the step (both ways, unless directed), ties by key. Raises ValueError for other `max_hops`.
        """
        ...

    def campaign(self, campaign: str, max_nodes: int, max_edges: int, without: Collection[Key] = ()) -> GraphAnswer:
        """Give members of a campaign (hop 0), their most shared victims (hop 1), calls and links among them.

        Members stay by (risk descending, key) until `max_nodes`, then victims by (members who called them descending,
        calls descending, key), in which order they are given; a member is no victim of its own campaign. Edges are the
        calls between a kept member and any kept node: what victims have to say to each other is not the ring's. Links
        are the campaign's. No nodes for an unknown campaign. Raises ValueError for negative limits.
        """
        ...

    def close(self) -> None:
        """Let go of connections and maps."""
        ...


def check_question(limits: Sequence[int], depth: int = 0, hops: int = 0, at_least: int = 1) -> None:
    """Raise ValueError unless the limits are 0 or more and the rest is what the port allows."""
    if min(limits, default=0) < 0:
        raise ValueError(f"a limit must be 0 or more: {tuple(limits)}")
    if not 0 <= depth <= MAX_DEPTH:
        raise ValueError(f"depth must be 0 to {MAX_DEPTH}: {depth}")
    if not 0 <= hops <= MAX_HOPS:
        raise ValueError(f"max_hops must be 0 to {MAX_HOPS}: {hops}")
    if at_least < 1:
        raise ValueError(f"at_least must be 1 or more: {at_least}")
