"""Different texts of a column, told apart by whole numbers that stay."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Codes = npt.NDArray[np.int32]


class Texts:
    """The texts met so far; the first has code 0, and every one keeps its code."""

    def __init__(self) -> None:
        self.known = pa.array([], pa.string())

    def codes(self, dictionaries: Sequence[pa.Array]) -> list[pa.Array]:
        """Give the code of every text of each of `dictionaries` (string), as int32."""
        encoded = pa.concat_arrays([self.known, *dictionaries]).dictionary_encode()
        ends = np.cumsum([len(self.known), *map(len, dictionaries)])
        self.known = encoded.dictionary
        return [encoded.indices[begin:end] for begin, end in pairwise(ends.tolist())]

    def code(self, text: str) -> int:
        """Give the code of a text, -1 where it was not met."""
        return int(self.known.index(text).as_py())

    def ranks(self) -> Codes:
        """Give the place of each code's text when all are sorted by their bytes."""
        ranks = np.empty(len(self.known), dtype=np.int32)
        ranks[pc.sort_indices(self.known).to_numpy()] = np.arange(len(self.known), dtype=np.int32)
        return ranks
