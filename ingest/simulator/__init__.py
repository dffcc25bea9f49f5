"""A world of calls with planted rings, and its truth.

A world is settled once and then made a day at a time: `run` → `world` → `settling` (who there is) on the `land`
(numbers, places, lines) → `everyday`, `look_alikes`, `rings` (with `organisations` and `habits`) make `calls`, `traces`
gives them devices, SIMs and cells, `files` and `truth` write.

simulate(Path("world"), WorldSettings(callers=20_000, days=7, seed=1), Silent())
"""

from __future__ import annotations

from ingest.simulator.live import Fed, feed
from ingest.simulator.run import WorldReport, simulate
from ingest.simulator.settings import WorldError, WorldSettings, past_start

__all__ = ["Fed", "WorldError", "WorldReport", "WorldSettings", "feed", "past_start", "simulate"]
