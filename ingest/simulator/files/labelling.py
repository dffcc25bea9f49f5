"""What investigators know: the verdict on a stated share of the numbers, some days after these came into use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from ingest.simulator.land.lines import NOBODY
from ingest.simulator.randomness import BoolArray, generator
from ingest.simulator.settling.holders import RING
from ingest.simulator.traces import Traced
from ingest.simulator.world import World


@dataclass(frozen=True)
class Labelling:
    """Which lines are investigated."""

    investigated: BoolArray  # [lines]
    since: npt.NDArray[Any]  # [lines] index of the day from which the verdict is known
    fraud: BoolArray  # [lines]

    def column(self, made: Traced) -> pa.Array:
        """Give 1 for calls of numbers known to be fraudulent, 0 for those known to be innocent, else null."""
        line = made.lines[made.calls.caller]
        known = (line != NOBODY) & self.investigated[line] & (self.since[line] <= made.day.index)
        return pa.array(self.fraud[line].astype(np.int8), mask=~known)


def draw_labelling(world: World) -> Labelling | None:
    """Draw who is investigated; None where the settings ask for no labels."""
    if not world.settings.label_share:
        return None
    holders = world.census.holders
    drawn = generator(world.settings.seed, "labelling").random(len(holders.sort))
    since = holders.lines.since + world.settings.label_delay
    return Labelling(drawn < world.settings.label_share, since, holders.sort == RING)
