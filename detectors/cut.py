"""What one run of the stage is about."""

from __future__ import annotations

from dataclasses import dataclass

from configs import Settings
from graph.snapshot import Snapshot
from ingest.home import Home


@dataclass(frozen=True)
class Cut:
    """An instant of event time at which a scope is judged, with the window's graph that leads up to it."""

    home: Home
    snapshot: Snapshot
    scope: str
    as_of: int  # µs
    settings: Settings
