"""No key floods: of a key that very many have, a few are looked at, always the same ones."""

from __future__ import annotations

import numpy as np

from graph.links.hashing import mixed
from graph.links.table import Integers, Mask, Nodes


def within_cap(key: Integers, node: Nodes, most: int) -> Mask:
    """Tell which rows count: of each key those of the `most` numbers whose mixed node is smallest.

    Rows may repeat. The same numbers are chosen at every key, so that two that share many crowded keys still share
    them (bottom-k, Broder 1997); so a key ties at most most·(most-1)/2 pairs.
    """
    order = np.lexsort((mixed(node), key))
    key_, node_ = key[order], node[order]
    new_key = np.ones(len(order), dtype=bool)
    new_key[1:] = np.diff(key_) != 0
    new = new_key.copy()
    new[1:] |= np.diff(node_) != 0
    place = np.cumsum(new)
    before = np.maximum.accumulate(np.where(new_key, place, 0))
    kept = np.empty(len(order), dtype=bool)
    kept[order] = place - before < most
    return kept
