"""Parts of the graph: around some numbers, of a campaign, beside one number."""

from __future__ import annotations

from collections.abc import Sequence

from api.reads.answers import (
    BadQuestionError,
    GraphRecord,
    InvalidNumber,
    NeighbourList,
    NeighbourRecord,
    NotFound,
    SharedList,
    SharedRecord,
)
from api.reads.numbers import no_data
from api.reads.spans import Span, SpanGraphs
from api.reads.typed import keys_of
from api.reads.view import View
from graph.store.port import MAX_DEPTH, MAX_HOPS, CallPath, GraphAnswer, Key, Kind, NumberNode, Order, Wanted
from graph.windows import EmptyWindowError, iso

EDGES_PER_NODE = 2  # a graph of n nodes shows at most this many times n edges: more is a hairball
MAX_ROOTS = 50


def graph(
    view: View, roots: Sequence[str], operator: str | None, depth: int, limit: int, reasons: Sequence[str] | None
) -> GraphRecord | NotFound | InvalidNumber:
    """Give what is reached from `roots` (as people type them, or opaque ids) within `depth` hops.

    `reasons` names what is walked and shown (CALLED, reasons of links); None: calls are walked, all links are shown.
    Raises BadQuestionError for a depth or a number of roots that the store does not take.
    """
    if not 0 <= depth <= MAX_DEPTH:
        raise BadQuestionError("BAD_DEPTH", f"depth may be 0 to {MAX_DEPTH}, not {depth}.")
    keys = _keys(view, roots, operator)
    if isinstance(keys, InvalidNumber):
        return keys
    answer = view.store.neighbourhood(keys, depth, limit, EDGES_PER_NODE * limit, reasons)
    if not answer.nodes:
        return NotFound(", ".join(roots), no_data(view, roots[0]).message)
    return GraphRecord(answer, [node.role for node in answer.nodes])


def span_graph(
    view: View, spans: SpanGraphs, roots: Sequence[str], operator: str | None, depth: int, limit: int, span: Span
) -> GraphRecord | NotFound | InvalidNumber:
    """Give what is reached from `roots` over the calls of another span than the run's, within `depth` hops.

    Raises BadQuestionError as `graph` does, for what is no span, and where calls of it are damaged.
    """
    if not 0 <= depth <= MAX_DEPTH:
        raise BadQuestionError("BAD_DEPTH", f"depth may be 0 to {MAX_DEPTH}, not {depth}.")
    keys = _keys(view, roots, operator)
    if isinstance(keys, InvalidNumber):
        return keys
    window = spans.window(view, span)
    try:
        found = spans.graph(view, keys, depth, limit, EDGES_PER_NODE * limit, window)
    except EmptyWindowError as nothing:
        return NotFound(", ".join(roots), f"{nothing}.")
    if not found.graph.nodes:
        where = f"{iso(window.start)} and {iso(window.end)}"
        return NotFound(", ".join(roots), f"No call of these numbers lies between {where}.")
    return found


def campaign_graph(view: View, campaign: str, limit: int) -> GraphRecord:
    """Give a campaign's members with their roles in it, and its most shared victims."""
    answer = view.store.campaign(campaign, limit, EDGES_PER_NODE * limit)
    roles = view.roles_in(campaign)
    return GraphRecord(answer, [_role(view, roles, node) for node in answer.nodes])


def neighbours(view: View, key: Key, kind: Kind, first: int, wanted: Wanted, order: Order) -> NeighbourList:
    """Give the first neighbours of one kind."""
    found = view.store.neighbours(key, kind, first, wanted, order)
    rows = [NeighbourRecord(view.record(neighbour.node), neighbour.edge) for neighbour in found.rows]
    return NeighbourList(rows, found.total, found.wanted)


def shared_callees(
    view: View, numbers: Sequence[str], operator: str | None, first: int, at_least: int
) -> SharedList | InvalidNumber:
    """Give the numbers that at least `at_least` of `numbers` (as people type them, or opaque ids) called.

    Raises BadQuestionError for a number of numbers that is not taken, and for less than one caller.
    """
    if at_least < 1:
        raise BadQuestionError("BAD_AT_LEAST", f"atLeast may be 1 or more, not {at_least}.")
    keys = _keys(view, numbers, operator)
    if isinstance(keys, InvalidNumber):
        return keys
    found = view.store.shared_callees(keys, first, at_least)
    return SharedList([SharedRecord(view.record(row.node), row.callers, row.calls) for row in found.rows], found.total)


def path(
    view: View, a: str, b: str, operator: str | None, max_hops: int, directed: bool
) -> GraphRecord | NotFound | InvalidNumber:
    """Give a shortest path between two numbers (as people type them, or opaque ids), hop = place on the path.

    Calls join numbers of one operator; of several operators that is taken where `a`, then `b`, is riskiest. Raises
    BadQuestionError for other numbers of hops than the store takes.
    """
    if not 1 <= max_hops <= MAX_HOPS:
        raise BadQuestionError("PAGE_SIZE", f"maxHops may be 1 to {MAX_HOPS}, not {max_hops}.")
    starts, ends = (_keys(view, [end], operator) for end in (a, b))
    if isinstance(starts, InvalidNumber):
        return starts
    if isinstance(ends, InvalidNumber):
        return ends
    for text, keys in ((a, starts), (b, ends)):
        if not any(view.store.lookup(keys)):
            return NotFound(text, no_data(view, text).message)
    for one, other in _pairs(view, starts, ends):
        found = view.store.path(one, other, max_hops, directed)
        if found is not None:
            return GraphRecord(_as_graph(found), [node.role for node in found.nodes])
    return NotFound(f"{a}, {b}", f"No path of at most {max_hops} calls joins both numbers in the window.")


def _pairs(view: View, starts: Sequence[Key], ends: Sequence[Key]) -> list[tuple[Key, Key]]:
    """Give pairs of one operator, the riskiest first."""
    risks = {node.key: node.risk for node in view.store.lookup([*starts, *ends]) if node is not None}
    pairs = [(a, b) for a in starts for b in ends if a.operator == b.operator and {a, b} <= risks.keys()]
    return sorted(pairs, key=lambda pair: (-risks[pair[0]], -risks[pair[1]], pair))


def _as_graph(found: CallPath) -> GraphAnswer:
    hops = tuple(range(len(found.nodes)))
    return GraphAnswer(found.nodes, hops, found.edges, (), len(found.nodes), len(found.edges), total_roots=1)


def _keys(view: View, texts: Sequence[str], operator: str | None) -> list[Key] | InvalidNumber:
    """Give the keys that some texts can mean; raises BadQuestionError for none or too many texts."""
    if not 1 <= len(texts) <= MAX_ROOTS:
        raise BadQuestionError("BAD_ROOTS", f"Give 1 to {MAX_ROOTS} numbers, not {len(texts)}.")
    keys: list[Key] = []
    for text in texts:
        typed = _root(view, text, operator)
        if isinstance(typed, InvalidNumber):
            return typed
        keys += typed
    return keys


def _root(view: View, text: str, operator: str | None) -> list[Key] | InvalidNumber:
    row = view.row_of_id(text)
    if row is not None:
        return [number.node.key for number in view.records([row])]
    return keys_of(view, text, operator)


def _role(view: View, roles: dict[int, str], node: NumberNode) -> str:
    row = view.node_of(node.key)
    return roles.get(row, "victim") if row is not None else "victim"
