"""Numbers that any world has: short codes of banks and senders of codes, help lines, toll-free numbers."""

from __future__ import annotations

import numpy as np

from ingest.simulator.land.register import Register, Source
from ingest.simulator.randomness import IntArray

COUNTS: dict[str, tuple[Source, int]] = {
    "bank": ("short", 24),
    "otp": ("short", 30),
    "wallet": ("short", 12),
    "care": ("short", 8),
    "government": ("short", 10),
    "voicemail": ("short", 8),
    "toll_free": ("toll_free", 40),
}


def draw_services(rng: np.random.Generator, register: Register) -> dict[str, IntArray]:
    """Give every service its numbers."""
    return {name: register.take(rng, source, count) for name, (source, count) in COUNTS.items()}
