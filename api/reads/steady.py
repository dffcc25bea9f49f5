"""The store that was asked for, with the run's own tables behind it: a graph database that is away costs no answer."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from typing import TypeVar

from graph.store.port import (
    Direction,
    GraphAnswer,
    GraphStore,
    Key,
    Neighbours,
    NumberNode,
    StoreMeta,
    StoreUnavailableError,
)

_log = logging.getLogger("ringfence.reads")
Answer = TypeVar("Answer")
RETRY_S = 30.0  # after a failure the graph database is left alone for so long


class Outage:
    """Remembers that the graph database failed, so that not every question waits for it; shared by all runs.

    The reason, which may name addresses, goes to the log only.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._until = 0.0
        self.reason: str | None = None

    @property
    def is_over(self) -> bool:
        """Whether the graph database may be asked again."""
        return time.monotonic() >= self._until

    def begin(self, reason: str) -> None:
        """Note a failure."""
        _log.warning("answering from the run's own tables: %s", reason)
        with self._lock:
            self.reason, self._until = reason, time.monotonic() + RETRY_S

    def end(self) -> None:
        """Note an answer."""
        with self._lock:
            self.reason = None


class SteadyStore:
    """GraphStore for one run that never fails for want of a graph database.

    `preferred` answers where it is there and shows this very run, which it checks in the transaction of each answer;
    else `spare` does, and `name` says why.
    """

    def __init__(self, spare: GraphStore, preferred: GraphStore | None, outage: Outage) -> None:
        self._spare = spare
        self._preferred = preferred
        self._outage = outage

    @property
    def name(self) -> str:
        """Which store answers: `embedded`, `neo4j`, or `embedded` with the remark that `neo4j` cannot."""
        if self._preferred is None:
            return "embedded"
        self._ask(lambda store: store.meta())
        return "neo4j" if self._outage.reason is None else "embedded (neo4j cannot answer now)"

    def meta(self) -> StoreMeta:
        """Give the version shown."""
        return self._ask(lambda store: store.meta())

    def lookup(self, keys: Sequence[Key]) -> list[NumberNode | None]:
        """Give the nodes of `keys` in order, None where the window has no call of one."""
        return self._ask(lambda store: store.lookup(keys))

    def neighbours(self, key: Key, direction: Direction, limit: int) -> Neighbours:
        """Give the `limit` heaviest neighbours by calls; empty for an unknown key."""
        return self._ask(lambda store: store.neighbours(key, direction, limit))

    def neighbourhood(self, roots: Sequence[Key], depth: int, max_nodes: int, max_edges: int) -> GraphAnswer:
        """Give what is reached from `roots` within `depth` hops."""
        return self._ask(lambda store: store.neighbourhood(roots, depth, max_nodes, max_edges))

    def campaign(self, campaign: str, max_nodes: int, max_edges: int) -> GraphAnswer:
        """Give members of a campaign, their most shared victims, calls and links among them."""
        return self._ask(lambda store: store.campaign(campaign, max_nodes, max_edges))

    def close(self) -> None:
        """Do nothing: both stores belong to who made them."""

    def _ask(self, question: Callable[[GraphStore], Answer]) -> Answer:
        if self._preferred is None or not self._outage.is_over:
            return question(self._spare)
        try:
            answer = question(self._preferred)
        except StoreUnavailableError as error:
            self._outage.begin(str(error))
            return question(self._spare)
        self._outage.end()
        return answer
