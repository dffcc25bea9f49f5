"""Cheap key `range`: the block of numbers that a caller's number lies in."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from configs import LinkSettings
from graph.links.hashing import Keys, hash_texts

REASON = "range"
Nodes = npt.NDArray[np.int32]


def range_keys(caller: Nodes, numbers: pa.Table, settings: LinkSettings) -> tuple[Nodes, Keys]:
    """Give (caller node, key) rows for callers with an E.164 number: its digits without the last `range_digits`."""
    nodes = np.unique(caller)
    is_written = pc.equal(numbers["kind"], "e164").to_numpy(zero_copy_only=False)
    nodes = nodes[is_written[nodes]]
    written = numbers["number"].take(pa.array(nodes)).combine_chunks()
    return nodes, hash_texts(pc.utf8_slice_codeunits(written, 0, -settings.range_digits))
