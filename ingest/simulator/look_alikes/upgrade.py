"""Upgrades: people whose handset changes during the world; number and SIM stay, which in a SIM swap they do not."""

from __future__ import annotations

import numpy as np

from ingest.simulator.land.country import Country, Quiet
from ingest.simulator.trades import Staff, Trade

TRADE = Trade(share=0.05, numbers="own", upgraded=1.0)


def settle(staff: Staff, country: Country, rng: np.random.Generator) -> Quiet:  # noqa: ARG001  # asked like every kind
    """Let them live as everybody does."""
    return Quiet()
