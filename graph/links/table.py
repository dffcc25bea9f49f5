"""Links: weighted reasons that tie two numbers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Nodes = npt.NDArray[np.int32]
Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

DECIMALS = 9  # of weights


@dataclass(frozen=True)
class Links:
    """Links of one reason, sorted by (a, b), each pair once, a < b."""

    reason: str
    a: Nodes  # node
    b: Nodes  # node
    weight: Floats  # 0..1
    shared: Integers  # what the reason counts, as shared victims

    def __len__(self) -> int:
        return len(self.a)

    def where(self, rows: Mask) -> Links:
        """Give some of the links, in the same order."""
        return Links(self.reason, self.a[rows], self.b[rows], self.weight[rows], self.shared[rows])
