"""Innocent trades whose numbers look like fraud: what a file in look_alikes/ says of them, and who works in one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np

from ingest.simulator.land.country import Callers, Country
from ingest.simulator.land.register import Source
from ingest.simulator.randomness import IntArray


@dataclass(frozen=True)
class Trade:
    """What a kind of look-alike needs."""

    share: float  # of all look-alike numbers, in proportion to the other kinds' shares
    numbers: Source | Literal["own", "office"]  # own: mobiles of people with friends; office: half fixed, half mobile
    employer: tuple[int, int] = (1, 1)  # smallest and largest staff
    per_device: int = 1  # numbers of an employer that share a device; 0: none has one
    stays: bool = False  # all numbers of an employer are at one cell for good
    newborn: float = 0.0  # share of its numbers that are born during the world
    upgraded: float = 0.0  # share of its numbers whose handset changes during the world
    hosted: float = 0.0  # share of its employers whose platform stands abroad: their calls come in by gateways


@dataclass(frozen=True)
class Staff:
    """The numbers of one trade."""

    members: IntArray  # [n] slots
    employer: IntArray  # [n] 0 …, in order
    devices: Sequence[IntArray]  # rows of devices, by employer

    @property
    def employers(self) -> int:
        """How many there are."""
        return len(self.devices)

    def of(self, employer: int) -> IntArray:
        """Give the slots of an employer's numbers."""
        return self.members[np.searchsorted(self.employer, employer) : np.searchsorted(self.employer, employer + 1)]


class LookAlikeKind(Protocol):
    """What a file in look_alikes/ gives."""

    TRADE: Trade

    def settle(self, staff: Staff, country: Country, rng: np.random.Generator) -> Callers:
        """Make the trade's plan for the whole of the world's time."""
        ...
