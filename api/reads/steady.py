"""The store that was asked for, with the run's own tables behind it: a graph database that is away costs no answer."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import TypeVar

from api.reads.answers import BadQuestionError
from api.reads.outage import Outage
from graph.store.port import (
    ANYONE,
    CallPath,
    GraphAnswer,
    GraphStore,
    Key,
    Kind,
    KindCount,
    Neighbours,
    NumberNode,
    Order,
    SharedCallees,
    StoreMeta,
    StoreSlowError,
    StoreUnavailableError,
    TooWideError,
    Wanted,
)

Answer = TypeVar("Answer")


class SteadyStore:
    """GraphStore for one run that never fails for want of a graph database.

    `preferred` answers where it is there and shows this very run, which it checks in the transaction of each answer;
    else `spare` does, and `name` says why.
    """

    def __init__(self, spare: GraphStore, preferred: GraphStore | None, outage: Outage, run_since: int) -> None:
        self._spare = spare
        self._preferred = preferred
        self._outage = outage
        self._run_since = run_since  # µs, when the run was put in front

    @property
    def name(self) -> str:
        """Which store answers: `embedded`, `neo4j`, or `embedded` with the remark that `neo4j` cannot."""
        if self._preferred is None:
            return "embedded"
        self._ask(lambda store: store.meta())
        return "neo4j" if self._outage.reason is None else "embedded (neo4j cannot answer now)"

    @property
    def stale_since(self) -> int | None:
        """Since when (µs) the graph database has not shown the newest run, as known from the last question; or None."""
        return None if self._preferred is None else self._outage.since

    def meta(self) -> StoreMeta:
        """Give the version shown."""
        return self._ask(lambda store: store.meta())

    def lookup(self, keys: Sequence[Key]) -> list[NumberNode | None]:
        """Give the nodes of `keys` in order, None where the window has no call of one."""
        return self._ask(lambda store: store.lookup(keys))

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
        return self._ask(lambda store: store.neighbours(key, kind, limit, wanted, order, without))

    def kinds(self, key: Key, wanted: Wanted = ANYONE, without: Collection[Key] = ()) -> tuple[KindCount, ...]:
        """Count all neighbours of a number and the wanted ones."""
        return self._ask(lambda store: store.kinds(key, wanted, without))

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
        return self._ask(lambda store: store.neighbourhood(roots, depth, max_nodes, max_edges, reasons, without))

    def subgraph(self, keys: Sequence[Key], max_edges: int, without: Collection[Key] = ()) -> GraphAnswer:
        """Give all of `keys` that are there, calls and links among them."""
        return self._ask(lambda store: store.subgraph(keys, max_edges, without))

    def shared_callees(
        self, keys: Sequence[Key], limit: int, at_least: int = 2, without: Collection[Key] = ()
    ) -> SharedCallees:
        """Give the `limit` most shared of the numbers that at least `at_least` of `keys` called."""
        return self._ask(lambda store: store.shared_callees(keys, limit, at_least, without))

    def path(
        self, a: Key, b: Key, max_hops: int, directed: bool = False, without: Collection[Key] = ()
    ) -> CallPath | None:
        """Give a shortest path from `a` to `b` over calls, None where there is none of so few hops."""
        return self._ask(lambda store: store.path(a, b, max_hops, directed, without))

    def campaign(self, campaign: str, max_nodes: int, max_edges: int, without: Collection[Key] = ()) -> GraphAnswer:
        """Give members of a campaign, their most shared victims, calls and links among them."""
        return self._ask(lambda store: store.campaign(campaign, max_nodes, max_edges, without))

    def close(self) -> None:
        """Do nothing: both stores belong to who made them."""

    def _ask(self, question: Callable[[GraphStore], Answer]) -> Answer:
        preferred = self._preferred
        if preferred is None or not self._outage.is_over:
            return self._ask_spare(question)
        try:
            answer = self._outage.patiently(lambda: question(preferred))
        except StoreSlowError:  # one question too many for it says nothing of others
            return self._ask_spare(question)
        except StoreUnavailableError as error:
            self._outage.begin(error, self._run_since)
            return self._ask_spare(question)
        self._outage.end()
        return answer

    def _ask_spare(self, question: Callable[[GraphStore], Answer]) -> Answer:
        try:
            return question(self._spare)
        except TooWideError as error:
            raise BadQuestionError("TOO_WIDE", str(error)) from error
