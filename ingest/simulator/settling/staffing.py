"""How many innocent look-alikes there are, who employs them and which numbers they get."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ingest.simulator.land.numbering import REGIONS
from ingest.simulator.land.register import Register, Source
from ingest.simulator.randomness import FloatArray, IntArray
from ingest.simulator.settings import (
    LEAST_LOOK_ALIKES,
    LOOK_ALIKES_PER_FRAUD,
    MOST_SPECIAL,
    ROOM_FOR_LOOK_ALIKES,
    WorldSettings,
)
from ingest.simulator.trades import LookAlikeKind, Trade


def headcount(settings: WorldSettings, kinds: Mapping[str, LookAlikeKind], fraudulent: int) -> dict[str, int]:
    """Give the numbers of each kind, in proportion to their shares.

    All together are at least ten times the `fraudulent`, all that ever are, as long as half of the callers stay
    subscribers. Rings change their numbers, so in long worlds there is no room for as many: there look-alikes are ten
    times the numbers that are fraudulent at once, or during a month, but not those of the whole time.
    """
    wanted = max(LOOK_ALIKES_PER_FRAUD * fraudulent, LEAST_LOOK_ALIKES * settings.callers)
    room = max(MOST_SPECIAL * settings.callers - fraudulent, ROOM_FOR_LOOK_ALIKES * settings.callers)
    total = min(wanted, room)
    shares = {name: kinds[name].TRADE.share for name in sorted(kinds)}
    return {name: round(total * share / sum(shares.values())) for name, share in shares.items()}


def employers(rng: np.random.Generator, trade: Trade, count: int) -> IntArray:
    """Give the employer of each of `count` numbers, 0 …, in order."""
    low, high = trade.employer
    staffs = rng.integers(low, high + 1, size=count // low + 1)
    return np.repeat(np.arange(len(staffs)), staffs)[:count].astype(np.int64)


def own_mobiles(trade: Trade) -> bool:
    """Whether a trade's numbers are scattered mobiles, which need room like those of subscribers."""
    return trade.numbers in ("own", "scattered")


def numbers(rng: np.random.Generator, register: Register, trade: Trade, employer: IntArray) -> IntArray:
    """Give the numbers of a trade, in the order of `employer`."""
    if own_mobiles(trade):
        return _scattered(rng, register, employer)
    counts = np.bincount(employer).tolist()
    taken = [register.take(rng, _source(trade, at), count) for at, count in enumerate(counts)]
    return np.concatenate(taken) if taken else np.empty(0, dtype=np.int64)


def _source(trade: Trade, employer: int) -> Source:
    if trade.numbers == "office":
        return "fixed" if employer % 2 == 0 else "block"
    assert trade.numbers != "own"
    return trade.numbers


def _scattered(rng: np.random.Generator, register: Register, employer: IntArray) -> IntArray:
    shares: FloatArray = np.array([region.share for region in REGIONS])
    regions = rng.choice(len(REGIONS), size=employer.max(initial=-1) + 1, p=shares / shares.sum())
    slots = np.empty(len(employer), dtype=np.int64)
    for region, count in enumerate(np.bincount(regions[employer], minlength=len(REGIONS)).tolist()):
        slots[regions[employer] == region] = register.take_in_region(rng, region, count)
    return slots
