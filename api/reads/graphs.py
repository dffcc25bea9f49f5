"""Parts of the graph: around some numbers, of a campaign, beside one number."""

from __future__ import annotations

from collections.abc import Sequence

from api.reads.answers import BadQuestionError, GraphRecord, InvalidNumber, NeighbourList, NeighbourRecord, NotFound
from api.reads.numbers import no_data
from api.reads.typed import keys_of
from api.reads.view import View
from graph.store.port import MAX_DEPTH, Direction, Key, NumberNode

EDGES_PER_NODE = 2  # a graph of n nodes shows at most this many times n edges: more is a hairball
MAX_ROOTS = 50


def graph(
    view: View, roots: Sequence[str], operator: str | None, depth: int, limit: int
) -> GraphRecord | NotFound | InvalidNumber:
    """Give what is reached from `roots` (as people type them, or opaque ids) over calls within `depth` hops.

    Raises BadQuestionError for a depth or a number of roots that the store does not take.
    """
    if not 0 <= depth <= MAX_DEPTH:
        raise BadQuestionError("BAD_DEPTH", f"depth may be 0 to {MAX_DEPTH}, not {depth}.")
    if not 1 <= len(roots) <= MAX_ROOTS:
        raise BadQuestionError("BAD_ROOTS", f"Give 1 to {MAX_ROOTS} roots, not {len(roots)}.")
    keys: list[Key] = []
    for root in roots:
        typed = _root(view, root, operator)
        if isinstance(typed, InvalidNumber):
            return typed
        keys += typed
    answer = view.store.neighbourhood(keys, depth, limit, EDGES_PER_NODE * limit)
    if not answer.nodes:
        return NotFound(", ".join(roots), no_data(view, roots[0]).message)
    return GraphRecord(answer, [node.role for node in answer.nodes])


def campaign_graph(view: View, campaign: str, limit: int) -> GraphRecord:
    """Give a campaign's members with their roles in it, and its most shared victims."""
    answer = view.store.campaign(campaign, limit, EDGES_PER_NODE * limit)
    roles = view.roles_in(campaign)
    return GraphRecord(answer, [_role(view, roles, node) for node in answer.nodes])


def neighbours(view: View, key: Key, direction: Direction, first: int) -> NeighbourList:
    """Give the heaviest neighbours of a number in one direction."""
    found = view.store.neighbours(key, direction, first)
    rows = [NeighbourRecord(view.record(neighbour.node), neighbour.edge) for neighbour in found.rows]
    return NeighbourList(rows, found.total)


def _root(view: View, text: str, operator: str | None) -> list[Key] | InvalidNumber:
    row = view.row_of_id(text)
    if row is not None:
        return [number.node.key for number in view.records([row])]
    return keys_of(view, text, operator)


def _role(view: View, roles: dict[int, str], node: NumberNode) -> str:
    row = view.node_of(node.key)
    return roles.get(row, "victim") if row is not None else "victim"
