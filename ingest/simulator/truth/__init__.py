"""The truth about a world: who is who, which campaigns there are, what happened to them, and which calls are theirs."""

from __future__ import annotations

from ingest.simulator.truth.hearing import Truth

__all__ = ["Truth"]
