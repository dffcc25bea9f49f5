"""A world of calls with planted rings, and its truth.

simulate(Path("world"), WorldSettings(callers=20_000, days=7, seed=1), Silent())
"""

from __future__ import annotations

from ingest.simulator.run import WorldReport, simulate
from ingest.simulator.settings import WorldError, WorldSettings

__all__ = ["WorldError", "WorldReport", "WorldSettings", "simulate"]
