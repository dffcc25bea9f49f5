"""Links between numbers whose calls come in by the same trunk in the same rhythm."""

from __future__ import annotations

import numpy as np

from graph.links.candidate_calls import Held
from graph.links.rhythm import likeness
from graph.links.same_key import by_holders, pairs_at, worth_of
from graph.links.table import DECIMALS, Integers, Links

REASON = "trunk"
COLUMN = "trunk_in"


def trunk_links(held: Held, rhythm: Integers, least: float, most: int) -> Links:
    """Give the links among candidates whose rhythms are alike by `least` or more (0..1).

    Weight = likeness x the sum over shared trunks of 1 / log2(candidates on the trunk), at most 1; shared = trunks.
    """
    pairs = pairs_at(held, by_holders(np.bincount(held.key)), most)
    alike = likeness(rhythm, pairs.a, pairs.b)
    weight = np.round(worth_of(pairs) * alike, DECIMALS)
    return Links(REASON, pairs.a, pairs.b, weight, pairs.shared).where(alike >= least)
