"""Cheap key `rare_victim`: a few of the rare callees of every caller, chosen alike by all callers."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from configs import LinkSettings
from graph.links.hashing import Keys

REASON = "rare_victim"
Nodes = npt.NDArray[np.int32]


def rare_victim_keys(caller: Nodes, callee: Nodes, hashes: Keys, settings: LinkSettings) -> tuple[Nodes, Keys]:
    """Give (caller node, key) rows: of each caller, the smallest hashes among its rare callees.

    The smallest hashes are the same for all who share callees, so that two callers with many in common share a key
    with high probability (bottom-k sketch, Broder 1997). `caller`, `callee`: distinct directed edges; `hashes`: one a
    node; a callee is rare when 2 to `rare_victim_callers` numbers call it.
    """
    callers = np.bincount(callee, minlength=len(hashes))[callee]
    rare = (callers >= 2) & (callers <= settings.rare_victim_callers)
    nodes, keys = caller[rare], hashes[callee[rare]]
    order = np.lexsort((keys, nodes))
    nodes, keys = nodes[order], keys[order]
    kept = _place_in_group(nodes) < settings.sketch_keys
    return nodes[kept], keys[kept]


def _place_in_group(groups: Nodes) -> npt.NDArray[np.int64]:
    """Give 0, 1, 2 … within each run of equal values."""
    index = np.arange(len(groups))
    is_first = np.r_[True, groups[1:] != groups[:-1]] if len(groups) else np.empty(0, dtype=bool)
    return index - np.maximum.accumulate(np.where(is_first, index, 0))
