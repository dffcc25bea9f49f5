"""What can be simulated, found by looking into the folders rings/ and look_alikes/."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from typing import Protocol, cast

import numpy as np

from ingest.simulator import look_alikes, rings
from ingest.simulator.country import Callers, Country, Staff
from ingest.simulator.crew import RingKind


class LookAlikeKind(Protocol):
    """What a file in look_alikes/ gives."""

    SHARE: float
    OFFICE: bool
    EMPLOYER: tuple[int, int]

    def settle(self, staff: Staff, country: Country, rng: np.random.Generator) -> Callers:
        """Make the trade's plan for the whole of the world's time."""
        ...


def ring_kinds() -> dict[str, RingKind]:
    """Give every kind of ring by fraud type, sorted."""
    names = sorted(module.name for module in iter_modules(rings.__path__))
    return {name: cast(RingKind, import_module(f"{rings.__name__}.{name}")) for name in names}


def look_alike_kinds() -> dict[str, LookAlikeKind]:
    """Give every kind of look-alike by name, sorted."""
    names = sorted(module.name for module in iter_modules(look_alikes.__path__))
    return {name: cast(LookAlikeKind, import_module(f"{look_alikes.__name__}.{name}")) for name in names}
