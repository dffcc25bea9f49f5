"""The graph store port: what investigators ask of a graph, and the answers both stores must give equally.

Ties are ordered by node key (operator, number). Answers are plain data; a store never computes scores.
Limits hold whatever is asked: an answer never has more nodes, edges or links than its question allows, and says by
its totals how much there is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol


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
    """

    nodes: tuple[NumberNode, ...]
    hops: tuple[int, ...]
    edges: tuple[CallEdge, ...]
    links: tuple[LinkEdge, ...]
    total_nodes: int
    total_edges: int
    total_links: int = 0

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
class Neighbour:
    """The other end of an edge, with the edge."""

    node: NumberNode
    edge: CallEdge


@dataclass(frozen=True)
class Neighbours:
    """The heaviest neighbours in one direction and how many there are."""

    rows: tuple[Neighbour, ...]
    total: int


@dataclass(frozen=True)
class StoreMeta:
    """Which version of the graph a store shows."""

    version: str  # run id
    snapshot: str
    as_of: int
    numbers: int
    edges: int
    calls: int


Direction = Literal["out", "in"]
MAX_DEPTH = 4


class StoreUnavailableError(RuntimeError):
    """The store cannot answer now: away, half-way through a publish, timed out; the message says what to do."""


class GraphStore(Protocol):
    """Every operation that both stores have."""

    def meta(self) -> StoreMeta:
        """Give the version shown."""
        ...

    def lookup(self, keys: Sequence[Key]) -> list[NumberNode | None]:
        """Give the nodes of `keys` in order, None where the window has no call of one."""
        ...

    def neighbours(self, key: Key, direction: Direction, limit: int) -> Neighbours:
        """Give the `limit` heaviest neighbours by calls, ties by key; empty for an unknown key.

        A number that rings itself is its own neighbour.
        """
        ...

    def neighbourhood(self, roots: Sequence[Key], depth: int, max_nodes: int, max_edges: int) -> GraphAnswer:
        """Give what is reached from `roots` over calls in either direction within `depth` hops (0..4).

        Hop by hop: only nodes that were kept are expanded; of those newly reached, the heaviest by summed calls on
        edges to the kept nodes of the previous hop stay, until `max_nodes`. Edges are those among kept nodes, the
        heaviest `max_edges`. total_nodes counts kept nodes plus those reached and not kept; total_edges the edges
        among kept nodes. Roots are hop 0, each once, in the order of their keys; unknown ones are left out, those
        beyond `max_nodes` count as reached and not kept. Raises ValueError for another depth or negative limits.
        """
        ...

    def campaign(self, campaign: str, max_nodes: int, max_edges: int) -> GraphAnswer:
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


def check_question(limits: Sequence[int], depth: int = 0) -> None:
    """Raise ValueError unless the limits are 0 or more and the depth is one the port allows."""
    if min(limits) < 0:
        raise ValueError(f"a limit must be 0 or more: {tuple(limits)}")
    if not 0 <= depth <= MAX_DEPTH:
        raise ValueError(f"depth must be 0 to {MAX_DEPTH}: {depth}")
