"""Graphs of other spans than the run's own: as of an instant, as of now, or between two instants."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from api.reads.answers import BadQuestionError, GraphRecord
from api.reads.view import View
from api.retention import KEPT_RUNS
from api.scope import SCOPE
from graph.store.as_of import ask_as_of
from graph.store.port import GraphStore, Key, TooWideError
from graph.windows import Window
from ingest.lake.lake import DamagedLakeError, Lake
from ingest.lake.pair_parts import PairParts, TooManyCallsError
from ingest.ledger.ledger import WITHDRAWN, RunRow, committed_runs


@dataclass(frozen=True)
class Span:
    """Which calls are asked for, in µs.

    Those of a window as long as the run's that ends at `as_of`, or (`fresh`) just after the newest call that was taken
    in; or those from `start` to `end`.
    """

    as_of: int | None = None
    start: int | None = None
    end: int | None = None
    fresh: bool = False

    @property
    def is_of_run(self) -> bool:
        """Whether nothing is asked for but the run's own window."""
        return self == Span()

    def window(self, length: int, newest: int) -> Window:
        """Give the window; `length` is that of the run's, `newest` ends a fresh one. Raises BadQuestionError."""
        match (self.as_of, self.start, self.end, self.fresh):
            case (None, None, None, True):
                return _ending(newest, length)
            case (int(as_of), None, None, False) if as_of > 0:
                return _ending(as_of, length)
            case (None, int(start), int(end), False) if start < end:
                return Window(start, end)
        raise BadQuestionError("BAD_SPAN", "Give either asOf, or fresh, or from and to, from before to.")


class SpanGraphs:
    """Answers on the calls of any span of the lake; safe to share between threads."""

    def __init__(self, lake: Lake, night_h: tuple[int, int], open_run: Callable[[RunRow], View]) -> None:
        self._lake, self._pairs, self._open_run = lake, PairParts(lake, night_h), open_run
        self._lock = threading.Lock()
        self._older: View | None = None  # the run before the one in front that was asked for last

    def window(self, view: View, span: Span) -> Window:
        """Give the window that a span means beside a run; raises BadQuestionError."""
        newest = self._lake.newest_call() or 0
        return span.window(view.window.end - view.window.start, max(newest + 1, view.run.as_of))

    def graph(
        self, view: View, keys: Sequence[Key], depth: int, max_nodes: int, max_edges: int, window: Window
    ) -> GraphRecord:
        """Give what is reached from some numbers over the calls of a window.

        Scores are those of the newest run that had ended by then; NO_DATA where none is kept. Raises EmptyWindowError
        where no call lies in the window, and BadQuestionError where calls of it are damaged, too many of them are not
        summed, or too many have to be looked at.
        """
        run = self._run_at(window.end, view)
        try:
            answer = ask_as_of(
                self._pairs, window, run, lambda graph: graph.neighbourhood(keys, depth, max_nodes, max_edges)
            )
        except DamagedLakeError as damage:
            raise BadQuestionError("DAMAGED_CALLS", f"{damage}.") from None
        except TooManyCallsError as unsummed:
            raise BadQuestionError("TOO_MANY_CALLS", f"{unsummed}.") from None
        except TooWideError as wide:
            raise BadQuestionError("TOO_WIDE", str(wide)) from None
        roles = [node.role for node in answer.found.nodes]
        return GraphRecord(answer.found, roles, window, [gap.window for gap in answer.uncounted])

    def _run_at(self, instant: int, front: View) -> GraphStore | None:
        """Give the newest run whose window had ended by an instant, None where none of those is kept."""
        if front.run.as_of <= instant:
            return front.embedded
        kept = committed_runs(self._lake.engine, SCOPE)[-KEPT_RUNS:]
        ended = [row for row in kept if row.as_of <= instant and row.what != WITHDRAWN]
        return self._opened(max(ended, key=lambda row: (row.as_of, row.created_at))) if ended else None

    def _opened(self, row: RunRow) -> GraphStore | None:
        with self._lock:
            if self._older is None or self._older.run.run_id != row.run_id:
                try:
                    self._older = self._open_run(row)
                except FileNotFoundError:  # a newer run has just made it one too many
                    return None
            return self._older.embedded


def _ending(instant: int, length: int) -> Window:
    return Window(max(instant - length, 0), instant)
