"""The graph as of any instant: the same questions on the calls of a span, by one code for all stores."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from graph.store.lake_pairs import LakePairs
from graph.store.pair_graph import PairGraph
from graph.store.port import GraphStore
from graph.windows import EmptyWindowError, Window, iso
from ingest.lake.lake import Lake
from ingest.lake.pair_parts import PairParts, steadily

Found = TypeVar("Found")


@dataclass(frozen=True)
class Gap:
    """A part of a window whose calls are dropped for their age, and are not counted."""

    operator: str
    window: Window


@dataclass(frozen=True)
class AsOf(Generic[Found]):
    """An answer on the calls of a window, and what of the window it does not count."""

    found: Found
    window: Window
    uncounted: tuple[Gap, ...]


def ask_as_of(
    pairs: PairParts, window: Window, run: GraphStore | None, question: Callable[[PairGraph], Found]
) -> AsOf[Found]:
    """Answer a question on the calls that started within `window`; `run` is whose scores are shown, None for none.

    Raises EmptyWindowError where no call lies in the window, DamagedLakeError where calls of a day that it touches are
    damaged, and TooManyCallsError where too many lie in days whose pairs are not summed.
    """

    def answered() -> AsOf[Found]:
        parts = pairs.within((window.start, window.end))
        gaps = tuple(Gap(operator, Window(*span)) for operator, span in parts.uncounted)
        if not parts.parts:
            raise EmptyWindowError(_emptiness(pairs.lake, window, gaps))
        return AsOf(question(PairGraph(LakePairs(parts), run)), window, gaps)

    return steadily(answered)


def _emptiness(lake: Lake, window: Window, gaps: tuple[Gap, ...]) -> str:
    segments = lake.segments()
    if not segments:
        return "the lake holds no calls: ingest some first"
    first, last = min(s.first_started for s in segments), max(s.last_started for s in segments)
    where = f"{iso(window.start)} .. {iso(window.end)}; the lake's calls span {iso(first)} .. {iso(last)}"
    dropped = ", older ones are dropped for their age" if gaps else ""
    return f"no call lies in {where}{dropped}"
