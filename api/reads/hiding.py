"""A store that does not show some numbers: erased ones, for as long as what is read still holds them."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from api.reads.steady import SteadyStore
from graph.store.port import (
    ANYONE,
    CallPath,
    GraphAnswer,
    Key,
    Kind,
    KindCount,
    Neighbours,
    NumberNode,
    Order,
    SharedCallees,
    StoreMeta,
    Wanted,
)


class HidingStore(SteadyStore):
    """Gives what `shown` gives, without the numbers `hidden` and whatever ends at them."""

    def __init__(self, shown: SteadyStore, hidden: Collection[Key]) -> None:
        self._shown, self._hidden = shown, frozenset(hidden)

    @property
    def name(self) -> str:
        """Which store answers."""
        return self._shown.name

    @property
    def stale_since(self) -> int | None:
        """Since when (µs) the graph database has not shown the newest run, or None."""
        return self._shown.stale_since

    def meta(self) -> StoreMeta:
        """Give the version shown."""
        return self._shown.meta()

    def lookup(self, keys: Sequence[Key]) -> list[NumberNode | None]:
        """Give the nodes of `keys` in order, None where the window has no call of one."""
        return [None if key in self._hidden else node for key, node in zip(keys, self._shown.lookup(keys), strict=True)]

    def neighbours(
        self,
        key: Key,
        kind: Kind,
        limit: int,
        wanted: Wanted = ANYONE,
        order: Order = "weight",
        without: Collection[Key] = (),
    ) -> Neighbours:
        """Give the first `limit` wanted neighbours of one kind; empty for an unknown key."""
        return self._shown.neighbours(key, kind, limit, wanted, order, self._hidden.union(without))

    def kinds(self, key: Key, wanted: Wanted = ANYONE, without: Collection[Key] = ()) -> tuple[KindCount, ...]:
        """Count all neighbours of a number and the wanted ones."""
        return self._shown.kinds(key, wanted, self._hidden.union(without))

    def neighbourhood(
        self,
        roots: Sequence[Key],
        depth: int,
        max_nodes: int,
        max_edges: int,
        reasons: Collection[str] | None = None,
        without: Collection[Key] = (),
    ) -> GraphAnswer:
        """Give what is reached from `roots` within `depth` hops."""
        return self._shown.neighbourhood(roots, depth, max_nodes, max_edges, reasons, self._hidden.union(without))

    def subgraph(self, keys: Sequence[Key], max_edges: int, without: Collection[Key] = ()) -> GraphAnswer:
        """Give all of `keys` that are there, calls and links among them."""
        return self._shown.subgraph(keys, max_edges, self._hidden.union(without))

    def shared_callees(
        self, keys: Sequence[Key], limit: int, at_least: int = 2, without: Collection[Key] = ()
    ) -> SharedCallees:
        """Give the `limit` most shared of the numbers that at least `at_least` of `keys` called."""
        return self._shown.shared_callees(keys, limit, at_least, self._hidden.union(without))

    def path(
        self, a: Key, b: Key, max_hops: int, directed: bool = False, without: Collection[Key] = ()
    ) -> CallPath | None:
        """Give a shortest path from `a` to `b` over calls that leads past the hidden numbers."""
        return self._shown.path(a, b, max_hops, directed, self._hidden.union(without))

    def campaign(self, campaign: str, max_nodes: int, max_edges: int, without: Collection[Key] = ()) -> GraphAnswer:
        """Give members of a campaign, their most shared victims, calls and links among them."""
        return self._shown.campaign(campaign, max_nodes, max_edges, self._hidden.union(without))
