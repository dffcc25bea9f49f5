"""The instant from which a window is counted back, where nobody says one."""

from __future__ import annotations

from collections.abc import Sequence

from graph.windows import MICROSECOND, EmptyWindowError
from ingest.lake.lake import Lake


def default_as_of(lake: Lake, operators: Sequence[str] | None = None) -> int:
    """Give the instant just after the newest accepted call (µs), so that old files are analysed in their own time.

    Raises EmptyWindowError where `operators` (None: all) have no call in the lake.
    """
    newest = lake.newest_call(operators)
    if newest is None:
        raise EmptyWindowError("the lake holds no calls of these operators: ingest some first")
    return newest + MICROSECOND
