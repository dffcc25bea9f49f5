"""A store that does not show some numbers: erased ones, for as long as what is read still holds them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from api.reads.steady import SteadyStore
from graph.store.port import Direction, GraphAnswer, Key, Neighbours, NumberNode, StoreMeta


class HidingStore(SteadyStore):
    """Gives what `shown` gives, without the numbers `hidden` and whatever ends at them."""

    def __init__(self, shown: SteadyStore, hidden: Collection[Key]) -> None:
        self._shown, self._hidden = shown, frozenset(hidden)

    @property
    def name(self) -> str:
        """Which store answers."""
        return self._shown.name

    def meta(self) -> StoreMeta:
        """Give the version shown."""
        return self._shown.meta()

    def lookup(self, keys: Sequence[Key]) -> list[NumberNode | None]:
        """Give the nodes of `keys` in order, None where the window has no call of one."""
        return [None if key in self._hidden else node for key, node in zip(keys, self._shown.lookup(keys), strict=True)]

    def neighbours(self, key: Key, direction: Direction, limit: int) -> Neighbours:
        """Give the `limit` heaviest neighbours by calls; empty for an unknown key."""
        if key in self._hidden:
            return Neighbours((), 0)
        found = self._shown.neighbours(key, direction, limit)
        rows = tuple(row for row in found.rows if row.node.key not in self._hidden)
        return Neighbours(rows, found.total - len(found.rows) + len(rows))

    def neighbourhood(self, roots: Sequence[Key], depth: int, max_nodes: int, max_edges: int) -> GraphAnswer:
        """Give what is reached from `roots` within `depth` hops."""
        shown = [root for root in roots if root not in self._hidden]
        return self._without(self._shown.neighbourhood(shown, depth, max_nodes, max_edges))

    def campaign(self, campaign: str, max_nodes: int, max_edges: int) -> GraphAnswer:
        """Give members of a campaign, their most shared victims, calls and links among them."""
        return self._without(self._shown.campaign(campaign, max_nodes, max_edges))

    def _without(self, answer: GraphAnswer) -> GraphAnswer:
        nodes = [(n, hop) for n, hop in zip(answer.nodes, answer.hops, strict=True) if n.key not in self._hidden]
        edges = tuple(e for e in answer.edges if not {e.caller, e.callee} & self._hidden)
        links = tuple(link for link in answer.links if not {link.a, link.b} & self._hidden)
        return replace(
            answer,
            nodes=tuple(node for node, _ in nodes),
            hops=tuple(hop for _, hop in nodes),
            edges=edges,
            links=links,
            total_nodes=answer.total_nodes - len(answer.nodes) + len(nodes),
            total_edges=answer.total_edges - len(answer.edges) + len(edges),
            total_links=answer.total_links - len(answer.links) + len(links),
        )
