"""Families on one device: the SIMs of two to four people are used in the same handset, one after the other.

Shared handsets are common where they are dear; by numbers per device alone such a family is a small SIM box.
"""

from __future__ import annotations

import numpy as np

from ingest.simulator.land.country import Country, Quiet
from ingest.simulator.trades import Staff, Trade

TRADE = Trade(share=0.05, numbers="own", employer=(2, 4), per_device=4)


def settle(staff: Staff, country: Country, rng: np.random.Generator) -> Quiet:  # noqa: ARG001  # asked like every kind
    """Let families live as everybody does."""
    return Quiet()
