"""Links between numbers that called with the same SIM."""

from __future__ import annotations

from graph.links.candidate_calls import Held
from graph.links.same_key import key_links
from graph.links.table import Integers, Links

REASON = "sim"
COLUMN = "imsi"


def sim_links(held: Held, holders: Integers, most: int) -> Links:
    """Give the links among candidates that used the same IMSI; weight and cap as for every key, shared = SIMs."""
    return key_links(REASON, held, holders, most)
