"""Links between numbers that have the same device, SIM, cell, trunk or target: what they all come to."""

from __future__ import annotations

import numpy as np

from graph.links.candidate_calls import Held
from graph.links.caps import within_cap
from graph.links.meetings import everybody, meetings
from graph.links.table import DECIMALS, Floats, Integers, Links
from graph.links.tally import UNIT, Tally, tally


def pairs_at(held: Held, worth: Integers, most: int) -> Tally:
    """Give who shares keys; `worth` in UNIT, by key; of a key that more than `most` numbers have, so many count."""
    counted = within_cap(held.key, held.node, most)
    return tally(meetings(*everybody(held.key[counted], held.node[counted])), worth)


def by_holders(holders: Integers) -> Integers:
    """Give 1 / log2(n) in UNIT for keys that n numbers have: what two alone have ties them wholly."""
    return np.rint(UNIT / np.log2(np.maximum(holders, 2))).astype(np.int64)


def key_links(reason: str, held: Held, holders: Integers, most: int) -> Links:
    """Give links with weight = sum over shared keys of 1 / log2(holders), at most 1; shared = keys.

    `holders`: by key, how many numbers have it in the whole window.
    """
    pairs = pairs_at(held, by_holders(holders), most)
    return Links(reason, pairs.a, pairs.b, worth_of(pairs), pairs.shared)


def worth_of(pairs: Tally) -> Floats:
    """Give the summed worth as 0..1."""
    return np.asarray(np.round(np.minimum(pairs.worth / UNIT, 1.0), DECIMALS), dtype=np.float64)
