"""Graph answers: plain attributes, but for places, since one answer holds thousands of them."""

from __future__ import annotations

import strawberry

from api.graphql.fields import field
from api.graphql.paging import Window
from api.graphql.scalars import Verdict
from api.reads import GraphRecord, View
from api.reads.places import Places
from graph.store.port import CALLED, CallEdge, Key, LinkEdge

LINK = "LINK"
_VERDICTS = Verdict.__members__  # looked up once a node


@strawberry.type(description="A number in a graph.")
class GraphNode:
    """A number in a graph."""

    id: strawberry.ID = strawberry.field(description="Opaque id of the number.")
    number: str = strawberry.field(description="The number in E.164 with +, or as its operator writes it.")
    operator: str = strawberry.field(description="Network whose records show the number.")
    hop: int = strawberry.field(
        description="Calls or links from a root, 0 to 4; in a campaign 0 member, 1 victim; on a path its place."
    )
    role: str = strawberry.field(
        description="suspected, victim, abused or none; in a campaign's graph the member's role there, or victim."
    )
    verdict: Verdict = strawberry.field(
        description="Verdict of the current run; in a graph of another span of the newest run by then, else NO_DATA."
    )
    risk: float = strawberry.field(description="Risk in the window, 0 to 100.")
    fraud_type: str | None = strawberry.field(description="Fraud module that speaks loudest; null where none does.")
    campaign: strawberry.ID | None = strawberry.field(description="Campaign it is a member of; null where none.")
    key: strawberry.Private[Key]
    places: strawberry.Private[Places]

    @field("Place in a drawing of the graph, 0 left to 1 right; the same from run to run.")
    def x(self) -> float:
        """Give the place across."""
        return self.places.of(self.key)[0]

    @field("Place in a drawing of the graph, 0 top to 1 bottom; the same from run to run.")
    def y(self) -> float:
        """Give the place down."""
        return self.places.of(self.key)[1]


@strawberry.type(description="Two numbers that belong together: by calls (directed) or by a link.")
class GraphEdge:
    """Two numbers that belong together."""

    source: strawberry.ID = strawberry.field(description="Id of the caller; of a link the number that sorts first.")
    target: strawberry.ID = strawberry.field(description="Id of the callee; of a link the number that sorts last.")
    kind: str = strawberry.field(description="CALLED (source called target) or LINK (a reason ties both).")
    reason: str | None = strawberry.field(description="Why a LINK ties both, as shared_victims; null for CALLED.")
    weight: float = strawberry.field(description="Strength of a LINK, 0 to 1; of CALLED the calls in the window.")
    calls: int = strawberry.field(description="Calls from source to target in the window; 0 for a LINK.")
    answered: int = strawberry.field(description="Those of them that were answered.")
    seconds: float = strawberry.field(description="Conversation of those calls in seconds.")


@strawberry.type(description="A part of the call graph within the window.")
class Graph:
    """A part of the call graph."""

    nodes: list[GraphNode] = strawberry.field(
        description="Numbers, nearest hop first, within a hop those with most calls to the hop before."
    )
    edges: list[GraphEdge] = strawberry.field(
        description="Calls among the nodes, most calls first, at most twice as many as nodes asked for; then links."
    )
    total_nodes: int = strawberry.field(description="Nodes shown and nodes left out beside them.")
    total_edges: int = strawberry.field(description="Edges among the nodes shown, were there no limit; links included.")
    total_roots: int = strawberry.field(
        description="Nodes of hop 0 (roots, or members of a campaign), shown or left out; part of totalNodes."
    )
    total_links: int = strawberry.field(
        description="Links among the nodes shown, were there no limit; part of totalEdges."
    )
    is_truncated: bool = strawberry.field(description="Whether something was left out for the limit.")
    window: Window = strawberry.field(description="Span of the calls.")
    uncounted: list[Window] = strawberry.field(
        description="Parts of the window, as of another instant than the run's, whose calls are dropped for their age."
    )

    @classmethod
    def of(cls, record: GraphRecord, view: View) -> Graph:
        """Give a store's answer."""
        answer = record.graph
        ids = {node.key: strawberry.ID(view.id_of(node.key)) for node in answer.nodes}
        edges = [_called(ids, edge) for edge in answer.edges] + [_link(ids, link) for link in answer.links]
        return cls(
            nodes=_nodes(record, ids),
            edges=edges,
            total_nodes=answer.total_nodes,
            total_edges=answer.total_edges + answer.total_links,
            total_roots=answer.total_roots,
            total_links=answer.total_links,
            is_truncated=answer.is_truncated,
            window=Window.over(record.window or view.window),
            uncounted=[Window.over(window) for window in record.uncounted],
        )


@strawberry.type(description="A shortest path over calls within the window.")
class Path:
    """A shortest path over calls."""

    hops: int = strawberry.field(description="Calls from end to end, 0 to 6.")
    nodes: list[GraphNode] = strawberry.field(description="Numbers from end to end; hop is the place on the path.")
    edges: list[GraphEdge] = strawberry.field(
        description="Calls between each number and the next, step by step; those along the path before those back."
    )
    window: Window = strawberry.field(description="Span of the calls.")

    @classmethod
    def of(cls, record: GraphRecord, view: View) -> Path:
        """Give a path as the reads have it."""
        ids = {node.key: strawberry.ID(view.id_of(node.key)) for node in record.graph.nodes}
        edges = [_called(ids, edge) for edge in record.graph.edges]
        nodes = _nodes(record, ids)
        return cls(hops=len(nodes) - 1, nodes=nodes, edges=edges, window=Window.of(view))


def edge_alone(edge: CallEdge | LinkEdge, view: View) -> GraphEdge:
    """Give one edge by itself."""
    ends = (edge.a, edge.b) if isinstance(edge, LinkEdge) else (edge.caller, edge.callee)
    ids = {key: strawberry.ID(view.id_of(key)) for key in ends}
    return _link(ids, edge) if isinstance(edge, LinkEdge) else _called(ids, edge)


def _nodes(record: GraphRecord, ids: dict[Key, strawberry.ID]) -> list[GraphNode]:
    places = Places(record.graph)  # of all nodes together, when the first is asked for its place
    return [
        GraphNode(
            id=ids[node.key],
            number=node.key.number,
            operator=node.key.operator,
            hop=hop,
            role=role,
            verdict=_VERDICTS[node.verdict],
            risk=node.risk,
            fraud_type=node.fraud_type,
            campaign=strawberry.ID(node.campaign) if node.campaign else None,
            key=node.key,
            places=places,
        )
        for node, hop, role in zip(record.graph.nodes, record.graph.hops, record.roles, strict=True)
    ]


def _called(ids: dict[Key, strawberry.ID], edge: CallEdge) -> GraphEdge:
    return GraphEdge(
        source=ids[edge.caller],
        target=ids[edge.callee],
        kind=CALLED,
        reason=None,
        weight=float(edge.calls),
        calls=edge.calls,
        answered=edge.answered,
        seconds=edge.talk_ms / 1000,
    )


def _link(ids: dict[Key, strawberry.ID], link: LinkEdge) -> GraphEdge:
    return GraphEdge(
        source=ids[link.a],
        target=ids[link.b],
        kind=LINK,
        reason=link.reason,
        weight=link.weight,
        calls=0,
        answered=0,
        seconds=0.0,
    )
