"""Links between numbers whose lines send calls on to the same number."""

from __future__ import annotations

import numpy as np

from graph.links.candidate_calls import Held
from graph.links.same_key import key_links
from graph.links.table import Links

REASON = "forwarding"
COLUMN = "forwarded_to"


def forwarding_links(held: Held, most: int) -> Links:
    """Give the links among candidates; holders of a target are the candidates that forward to it; shared = targets."""
    return key_links(REASON, held, np.bincount(held.key), most)
