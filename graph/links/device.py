"""Links between numbers that called from the same device."""

from __future__ import annotations

from graph.links.candidate_calls import Held
from graph.links.same_key import key_links
from graph.links.table import Integers, Links

REASON = "device"
COLUMN = "imei"


def device_links(held: Held, holders: Integers, most: int) -> Links:
    """Give the links among candidates that used the same IMEI; weight and cap as for every key, shared = devices."""
    return key_links(REASON, held, holders, most)
