"""Links: weighted reasons that tie two numbers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True)
class Links:
    """Links of one reason, sorted by (a, b), each pair once, a < b."""

    reason: str
    a: npt.NDArray[np.int32]  # node
    b: npt.NDArray[np.int32]  # node
    weight: npt.NDArray[np.float64]  # 0..1
    shared: npt.NDArray[np.int64]  # what the reason counts, as shared victims

    def __len__(self) -> int:
        return len(self.a)
