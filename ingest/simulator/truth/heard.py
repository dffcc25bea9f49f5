"""What was heard of a world: the truth speaks of nothing else."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from ingest.simulator.randomness import BoolArray, IntArray

NEVER = np.iinfo(np.int64).max


@dataclass(frozen=True)
class Heard:
    """How far a world was heard, and who was in its calls; of a whole world everybody is spoken of."""

    until: int  # milliseconds: when the world or the hearing ended
    born: IntArray  # [campaigns] milliseconds of the first call, NEVER
    seen: BoolArray  # [slots] to be spoken of
    involved: BoolArray  # [slots] to be spoken of as what a ring made of them
    whole: bool

    def campaigns(self, names: Collection[str], numbers: pa.Table) -> frozenset[str]:
        """Give the campaigns to be spoken of, by name: where not all were heard, those with a row in `numbers`."""
        return frozenset(names if self.whole else numbers["campaign"].unique().drop_null().to_pylist())
