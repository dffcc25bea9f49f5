"""Numbers in the hands of others: what their rightful holders would do meanwhile does not happen."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from ingest.simulator.calls import INNOCENT, Calls
from ingest.simulator.organisations.claims import Claim
from ingest.simulator.randomness import BoolArray


class Silence:
    """Which numbers are silent, and when."""

    def __init__(self, claims: Iterable[Claim], slots: int) -> None:
        self.claims = [claim for claim in claims if claim.silenced]
        self.ever: BoolArray = np.zeros(slots, dtype=np.bool_)
        for claim in self.claims:
            self.ever[claim.slots] = True

    def lets(self, calls: Calls) -> BoolArray:
        """Tell which calls happen."""
        lets = np.ones(len(calls), dtype=np.bool_)
        if not self.claims:
            return lets
        suspects = np.flatnonzero(self.ever[calls.caller] & (calls.campaign == INNOCENT))
        for claim in self.claims:
            lets[suspects] &= ~_within(claim, calls.where(suspects))
        return lets


def _within(claim: Claim, calls: Calls) -> BoolArray:
    order = np.argsort(claim.slots)
    slots = claim.slots[order]
    at = np.minimum(np.searchsorted(slots, calls.caller), len(slots) - 1)
    since, until = (np.broadcast_to(end, len(slots))[order][at] for end in (claim.since, claim.until))
    within: BoolArray = (slots[at] == calls.caller) & (calls.started >= since) & (calls.started < until)
    return within
