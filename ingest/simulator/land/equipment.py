"""Handsets and SIMs: which device and which SIM each number calls with on which day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from ingest.simulator.land.carriers import MNC
from ingest.simulator.land.changes import Changes
from ingest.simulator.land.digits import fixed_width, luhn
from ingest.simulator.randomness import IntArray, generator

NONE = -1
MODELS = 240  # type allocation codes in use, for each million devices
UPGRADED_A_DAY = 0.0008  # of the mobiles: a new handset about every three years and a half
SIM_REPLACED_A_DAY = 0.0002  # lost, broken, or an embedded one instead
PORTED_A_DAY = 0.0002  # to another carrier, with a SIM of its
MCC = "404"

Rows = npt.NDArray[np.int32]


class Stock:
    """Gives out rows of devices or SIMs, one after the other."""

    def __init__(self) -> None:
        self.count = 0

    def new(self, count: int) -> IntArray:
        """Give `count` fresh rows."""
        rows = np.arange(self.count, self.count + count)
        self.count += count
        return rows


@dataclass(frozen=True)
class Equipment:
    """What each number calls with."""

    device: Rows  # [slots] on the first day, NONE for fixed lines and numbers abroad
    sim: Rows  # [slots]
    devices: Changes
    sims: Changes
    device_count: int
    sim_carrier: npt.NDArray[np.int8]  # [sims] row of CARRIERS

    def devices_on(self, day: int) -> npt.NDArray[Any]:
        """Give the device of every slot on a day, [slots]."""
        return self.devices.applied(self.device.copy(), day)

    def sims_on(self, day: int) -> npt.NDArray[Any]:
        """Give the SIM of every slot on a day, [slots]."""
        return self.sims.applied(self.sim.copy(), day)

    def imeis(self, seed: int) -> pa.StringArray:
        """Give the IMEI of every device: type allocation code, serial number, check digit (3GPP TS 23.003)."""
        rng = generator(seed, "models")
        rows = rng.permutation(self.device_count)  # they are handed out by kind, of which a number says nothing
        models = 35_000_000 + rng.choice(900_000, size=(self.device_count // 1_000_000 + 1) * MODELS, replace=False)
        popular = (MODELS * rng.random(self.device_count) ** 2).astype(np.int64)
        model = models[rows // 1_000_000 * MODELS + popular]
        serial = rows * 737_773 % 1_000_000  # no device has the neighbour's
        return luhn(model * 1_000_000 + serial, 14)

    def imsis(self, seed: int) -> pa.StringArray:
        """Give the IMSI of every SIM: country, network and a number within it (3GPP TS 23.003)."""
        rows = generator(seed, "subscriptions").permutation(len(self.sim_carrier))  # as for devices
        network = np.array([int(MCC + code) for code in MNC])[self.sim_carrier]
        return fixed_width(network * 10**10 + rows * 7_368_787_703 % 10**10, 15)
