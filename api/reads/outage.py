"""What this process knows of the graph database's failing, and how long a question may wait for it."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from graph.store.port import StoreBehindError, StoreUnavailableError

_log = logging.getLogger("ringfence.reads")
Answer = TypeVar("Answer")
RETRY_S = 30.0  # after a failure the graph database is left alone for so long
MARGIN_S = 1.0  # the server ends a question in time; who waits longer than this beyond it waits for a frozen one

ASKERS = 32  # questions that wait at the same time


class Outage:
    """Remembers that the graph database failed, so that not every question waits for it; shared by all runs.

    `since` is when it stopped showing the newest run, in µs since 1970: for one that is behind when that run was put
    in front, else when this process first noticed. The reason, which may name addresses, goes to the log only.
    """

    def __init__(self, patience_s: float) -> None:
        self._patience_s = patience_s + MARGIN_S
        self._askers = ThreadPoolExecutor(ASKERS, thread_name_prefix="graph database")
        self._lock = threading.Lock()
        self._until = 0.0
        self.reason: str | None = None
        self.since: int | None = None

    @property
    def is_over(self) -> bool:
        """Whether the graph database may be asked again."""
        return time.monotonic() >= self._until

    def begin(self, error: StoreUnavailableError, run_since: int) -> None:
        """Note a failure; `run_since` is when the run that was asked for was put in front."""
        since = run_since if isinstance(error, StoreBehindError) else time.time_ns() // 1000
        with self._lock:
            is_news = str(error) != self.reason
            self.reason, self._until = str(error), time.monotonic() + RETRY_S
            self.since = since if self.since is None else min(since, self.since)
        if is_news:
            _log.warning("answering from the run's own tables: %s", error)

    def end(self) -> None:
        """Note an answer."""
        with self._lock:
            self.reason, self.since, self._until = None, None, 0.0

    def close(self) -> None:
        """Let go of the threads that ask; questions under way end with their connections."""
        self._askers.shutdown(wait=False, cancel_futures=True)

    def patiently(self, question: Callable[[], Answer]) -> Answer:
        """Give what `question` gives; raises StoreUnavailableError where even its own timeout does not end it.

        A server that is frozen answers nothing, not even that the time is over, and its connection stays open until
        the store is closed.
        """
        try:
            return self._askers.submit(question).result(self._patience_s)
        except TimeoutError:
            silent = f"Neo4j has said nothing for {self._patience_s:g} s; look whether it runs"
            raise StoreUnavailableError(silent) from None
