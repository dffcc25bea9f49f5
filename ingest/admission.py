"""What bounds the calls that may come in, beside the rules for their rows: the clock, retention, erasure."""

from __future__ import annotations

import time
from dataclasses import dataclass

from sqlalchemy import Engine

from configs import Settings
from ingest.erased.erased import Erased
from ingest.home import Home
from ingest.lake import retention


@dataclass(frozen=True)
class Admission:
    """Bounds of one operator's calls; times in µs."""

    now: int
    kept_from: int | None = None  # calls of before are not kept, None: all are
    erased: Erased | None = None  # None: nothing is

    @classmethod
    def of(cls, home: Home, engine: Engine, operator: str, settings: Settings) -> Admission:
        """Give the bounds that hold now."""
        kept_from = retention.horizon(engine, operator, settings.retention)
        return cls(time.time_ns() // 1000, kept_from, Erased.load(home, engine, settings.ingest))
