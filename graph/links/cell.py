"""Links between numbers that called from the same rarely used cells."""

from __future__ import annotations

from graph.links.candidate_calls import Held
from graph.links.same_key import key_links
from graph.links.table import Integers, Links

REASON = "cell"
COLUMN = "cell"


def cell_links(held: Held, holders: Integers, most: int) -> Links:
    """Give the links among candidates that were at one rare cell; weight and cap as for every key, shared = cells."""
    return key_links(REASON, held, holders, most)
