"""Links between numbers of the same range that work in the same rhythm."""

from __future__ import annotations

import numpy as np

from graph.links.candidate_calls import Held
from graph.links.rhythm import likeness
from graph.links.same_key import pairs_at, worth_of
from graph.links.table import DECIMALS, Integers, Links
from graph.links.tally import UNIT

REASON = "range"


def range_links(held: Held, holders: Integers, rhythm: Integers, least: float, most: int) -> Links:
    """Give the links among candidates whose rhythms are alike by `least` or more (0..1).

    `holders`: by range, how many numbers of it call anybody. Weight = likeness x candidates of the range / holders: a
    leased block is suspicious as a whole, among subscribers' numbers a candidate stands alone; shared = 1.
    """
    candidates = np.bincount(held.key, minlength=len(holders))
    share = np.rint(UNIT * np.minimum(candidates / np.maximum(holders, 1), 1.0)).astype(np.int64)
    pairs = pairs_at(held, share, most)
    alike = likeness(rhythm, pairs.a, pairs.b)
    weight = np.round(worth_of(pairs) * alike, DECIMALS)
    return Links(REASON, pairs.a, pairs.b, weight, pairs.shared).where((alike >= least) & (weight > 0))
