"""What becomes another from one day to the next: the device, SIM or carrier of a number."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ingest.simulator.randomness import IntArray


@dataclass(frozen=True)
class Changes:
    """Changes of a property of numbers, by day."""

    day: IntArray  # index of the first day on which it holds
    slot: IntArray
    value: IntArray

    def applied(self, base: npt.NDArray[Any], day: int) -> npt.NDArray[Any]:
        """Write what has changed up to a day into `base` [slots], and give it."""
        upto = int(np.searchsorted(self.day, day, side="right"))
        base[self.slot[:upto]] = self.value[:upto]
        return base


def in_time(parts: Iterable[Changes]) -> Changes:
    """Give the changes of all parts by day; on one day a later part's come last."""
    columns = list(parts)
    day, slot, value = (
        np.concatenate([getattr(part, name) for part in columns]) if columns else np.empty(0, dtype=np.int64)
        for name in ("day", "slot", "value")
    )
    order = np.argsort(day, kind="stable")
    return Changes(day[order], slot[order], value[order])
