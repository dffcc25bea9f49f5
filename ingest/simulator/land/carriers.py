"""Carriers and the trunks between them: calls from another carrier or from abroad come in by a trunk."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from ingest.simulator.land.changes import Changes
from ingest.simulator.land.numbering import BLOCK, REGIONS, NumberingPlan
from ingest.simulator.randomness import BoolArray, IntArray

CARRIERS = ("NOR", "COA", "PLA", "DEL")  # invented
MNC = ("10", "45", "56", "86")  # of their SIMs
SHARES = (0.38, 0.31, 0.20, 0.11)  # of the blocks
ABROAD = 4  # row after the last carrier
PER_PAIR = 2  # trunks between two carriers
GATEWAYS = 12  # trunks from abroad
LEASED_WEIGHT = 4  # calls that a leased trunk brings in besides its lessee's, as a multiple of a gateway's
ON_NET = -1


@dataclass(frozen=True)
class Trunks:
    """Trunks between carriers, then gateways from abroad, then what rings have leased abroad."""

    leased: int

    @property
    def international(self) -> IntArray:
        """Rows of the ordinary gateways."""
        return np.arange(_PAIRS, _PAIRS + GATEWAYS)

    @property
    def own(self) -> IntArray:
        """Rows of the leased trunks."""
        return np.arange(_PAIRS + GATEWAYS, _PAIRS + GATEWAYS + self.leased)

    @property
    def ways_in(self) -> IntArray:
        """Rows by which ordinary calls come from abroad, whoever has leased them; the busier stand there more often."""
        return np.concatenate((self.international, np.repeat(self.own, LEASED_WEIGHT)))

    def names(self) -> pa.StringArray:
        """Give the text of every trunk; a leased one is named like any gateway."""
        pairs = [
            f"IC-{CARRIERS[a]}-{CARRIERS[b]}-{n + 1}"
            for a in range(len(CARRIERS))
            for b in range(len(CARRIERS))
            for n in range(PER_PAIR)
        ]
        gateways = range(GATEWAYS + self.leased)
        order = np.random.Generator(np.random.PCG64(GATEWAYS)).permutation(len(gateways))
        return pa.array([*pairs, *(f"INTL-{at + 1:02d}" for at in order.tolist())], pa.string())


_PAIRS = len(CARRIERS) ** 2 * PER_PAIR


def draw_carriers(rng: np.random.Generator, plan: NumberingPlan) -> IntArray:
    """Give the carrier of every block, ABROAD for those abroad, [blocks]."""
    carriers = rng.choice(len(CARRIERS), size=len(plan.prefixes), p=SHARES)
    carriers[plan.regions >= len(REGIONS)] = ABROAD
    return carriers.astype(np.int64)


def carriers_on(day: int, by_block: IntArray, ported: Changes) -> IntArray:
    """Give the carrier of every slot on a day, [slots]."""
    return ported.applied(np.repeat(by_block.astype(np.int8), BLOCK), day)


def trunks_of(
    rng: np.random.Generator,
    trunks: Trunks,
    carrier: IntArray,
    outside: BoolArray,
    caller: IntArray,
    callee: IntArray,
) -> IntArray:
    """Give the trunk by which each call comes in: ON_NET within a carrier and for calls that leave the country.

    `carrier` and `outside`, who is abroad with a number of here, are by slot.
    """
    a, b = carrier[caller].astype(np.int64), carrier[callee].astype(np.int64)
    pair = (a * len(CARRIERS) + b) * PER_PAIR + caller % PER_PAIR
    trunk = np.where((a == b) | (b == ABROAD), ON_NET, pair)
    inbound = np.flatnonzero((a == ABROAD) | outside[caller])
    trunk[inbound] = rng.choice(trunks.ways_in, size=len(inbound))  # wholesalers route by price, not by number
    return trunk


def from_abroad(trunk: IntArray) -> BoolArray:
    """Tell which calls come in from abroad."""
    return trunk >= _PAIRS
